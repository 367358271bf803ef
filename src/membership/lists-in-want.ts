import type { Instant } from '../time/instant.ts';
import { administratorsOf, privateLists, type Roster, representativesOf } from './roster.ts';

/** A private list that nobody reads, or whose held mail reaches nobody. */
export type Want = Readonly<{ list: string; lacks: 'reader' | 'administrator' }>;

export function listsInWant(roster: Roster, now: Instant): readonly Want[] {
  return privateLists(roster).flatMap(({ name: list }): readonly Want[] => [
    ...(representativesOf(roster, list, now).length > 0 ? [] : [{ list, lacks: 'reader' } as const]),
    ...(administratorsOf(roster, list, now).length > 0 ? [] : [{ list, lacks: 'administrator' } as const]),
  ]);
}

export function describeWant({ list, lacks }: Want): string {
  return lacks === 'reader'
    ? `${list} has nobody who reads it: what comes in is held, and no member learns of it`
    : `${list} has no administrator: held mail reaches nobody`;
}
