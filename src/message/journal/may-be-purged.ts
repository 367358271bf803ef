import type { Event } from './event.ts';

/**
 * What a purge may take the detail of (K6, T7): events of one case, which tell what was in it. Never who may read, what
 * was asked and done, or which mail waits: without these a fold would bring back a right, or forget a duty (I12).
 */
export const purgeableKinds = [
  'case-opened',
  'guest-added',
  'message-filed',
  'signature-spent',
  'sent-in-clear',
  'copies-parked',
  'review-owed',
  'case-closed',
] as const satisfies readonly Event['kind'][];

const kinds: ReadonlySet<string> = new Set(purgeableKinds);

export function mayBePurged(kind: string): boolean {
  return kinds.has(kind);
}
