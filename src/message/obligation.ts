import type { Instant } from '../time/instant.ts';
import type { Desk } from './desk.ts';
import type { ObligationRow } from './ports.ts';

/** A new obligation of a list's administrators (I6): what is to be done, about what, by when. */
export function administratorsOwe(
  owed: Readonly<{ kind: ObligationKind; list: string; subject: string; dueAt: Instant }>,
  desk: Desk,
): ObligationRow {
  return { id: desk.chance.uuid(), ...owed, owner: 'administrators', openedAt: desk.now };
}

/** Clear words (docs/schema.md): they tell what kind of step is next, never about what. */
export type ObligationKind =
  | 'review-new-report'
  | 'publish'
  | 'decide-held-mail'
  | 'repair-delivery'
  | 'repair-certificate';
