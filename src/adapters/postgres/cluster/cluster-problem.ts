/** Why an embedded PostgreSQL could not be had; callers decide by it, people read the message. */
export type ClusterProblemCode =
  | 'no-postgresql'
  | 'no-operating-user'
  | 'data-path-not-traversable'
  | 'other-major-version'
  | 'cluster-in-use'
  | 'initdb-failed'
  | 'start-failed';

export type ClusterProblem = Error & { readonly code: ClusterProblemCode };

export function clusterProblem(code: ClusterProblemCode, message: string): ClusterProblem {
  return Object.assign(new Error(message), { code });
}

export function isClusterProblem(error: unknown, code: ClusterProblemCode): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
