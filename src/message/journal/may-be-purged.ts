import type { Event } from './event.ts';

/**
 * What a purge may take the detail of (K6, T7): events of one case, which tell what was in it. Never who may read, what
 * was asked and done, or which mail waits: without these a fold would bring back a right, or forget a duty (I12).
 */
const ofOneCase: ReadonlySet<string> = new Set([
  'case-opened',
  'guest-added',
  'message-filed',
  'signature-spent',
  'sent-in-clear',
  'copies-parked',
  'review-owed',
] as const satisfies readonly Event['kind'][]);

export function mayBePurged(kind: string): boolean {
  return ofOneCase.has(kind);
}
