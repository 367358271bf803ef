/** What can be wrong with a database that somebody has to put right. */
export type DatabaseProblemCode =
  | 'schema-missing'
  | 'schema-too-old'
  | 'schema-too-new'
  | 'migration-changed'
  | 'outbox-row-busy'
  | 'inbox-row-busy'
  | 'outbox-row-unknown'
  | 'row-unknown'
  | 'already-committed';

export type DatabaseProblem = Error & Readonly<{ code: DatabaseProblemCode }>;

/** An exception that says what is wrong and what to do about it; `code` is for programs. */
export function databaseProblem(code: DatabaseProblemCode, message: string): DatabaseProblem {
  return Object.assign(new Error(message), { code });
}

/** The five characters PostgreSQL gives its errors (SQLSTATE), or undefined for anything else. */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : undefined;
}
