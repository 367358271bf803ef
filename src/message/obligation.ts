import { type Duration, day, hour, type Instant, later } from '../time/instant.ts';
import type { Desk } from './desk.ts';
import type { ObligationRow } from './ports.ts';

/** How long administrators have to look at a new report (FIELD §4: at once). */
export const reviewWithin: Duration = day;
/** How long administrators have to pass or refuse held mail: it may be a report that nobody has read (I6). */
const decideWithin: Duration = 4 * hour;
/** By when held mail is decided. What waited longer than that before anybody could hear of it has the time from then. */
export function decideBy(receivedAt: Instant, now: Instant): Instant {
  const due = later(receivedAt, decideWithin);
  return due > now ? due : later(now, decideWithin);
}

/** How long a broken delivery, or a certificate that nothing can be sealed to, may wait for a person (R6). */
export const repairWithin: Duration = day;

/** How long an administrator has to show that their key is still theirs, after the list's own was stolen. */
export const proveWithin: Duration = 72 * hour;

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
  | 'repair-certificate'
  /** Of one person: ends by their signed answer, or when they administer the list no more. */
  | 'prove-key';
