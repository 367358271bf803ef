import type { Case } from '../../case/case.ts';
import { type Address, sameMailbox } from '../../mail/address.ts';
import {
  administratorsOf,
  currentCertificates,
  mayRead,
  type Representative,
  type Roster,
  representativesOf,
} from '../../membership/roster.ts';
import type { Instant } from '../../time/instant.ts';
import type { Reader } from '../plan.ts';

/** Who reads one message (A5: readers belong to a message, not to a case), each group with a body of its own (K5). */
export type Audience = Readonly<{
  members: readonly Reader[];
  reporter: Reader | undefined;
  guests: readonly Reader[];
  /** A participant who cannot be written to, as they have no certificate (R3). */
  withoutKey: Address | undefined;
}>;

/** All members of the list as of now. */
export function membersAudience(roster: Roster, list: string, now: Instant): readonly Reader[] {
  return representativesOf(roster, list, now).map((representative) => memberReader(representative, now));
}

export function administratorsAudience(roster: Roster, list: string, now: Instant): readonly Reader[] {
  return administratorsOf(roster, list, now).map((representative) => ({
    ...memberReader(representative, now),
    role: 'administrator' as const,
  }));
}

/** Whom one message may reach, and who wrote it. */
export type AudienceTask = Readonly<{
  roster: Roster;
  now: Instant;
  membersOnly: boolean;
  /** Reader id of who wrote, as their signature proves it. */
  signedBy: string | undefined;
  /** Who wrote by From alone: spares a note about them, and nobody else's copy. */
  from: Address | undefined;
}>;

/**
 * R1: the case's participants, or members only, each person once (M6). Who signed it gets no copy as reporter or guest;
 * a From that anyone can write withholds none (I10). Members who wrote do get theirs, as on any list.
 */
export function audienceOf(subject: Case, task: AudienceTask): Audience {
  const { roster, now, membersOnly, signedBy, from } = task;
  const members = membersAudience(roster, subject.list, now);
  if (membersOnly) return { members, reporter: undefined, guests: [], withoutKey: undefined };
  const reporter = reporterReader(subject, roster, now);
  const others = once([...members, ...(reporter ? [reporter] : []), ...guestReaders(subject, now)])
    .slice(members.length)
    .filter((reader) => reader.id !== signedBy);
  const reached = [...members, ...others].map((reader) => reader.address);
  const unreached = subject.reporter && !reporter ? [subject.reporter] : [];
  return {
    members,
    reporter: others.find((reader) => reader.role === 'reporter'),
    guests: others.filter((reader) => reader.role === 'guest'),
    withoutKey: unreached.find(
      ({ id, address }) =>
        id !== signedBy && ![...reached, ...(from ? [from] : [])].some((one) => sameMailbox(one, address)),
    )?.address,
  };
}

/** Everybody whom the case admits as of now, whoever writes. */
export function wholeAudience(subject: Case, roster: Roster, now: Instant): Audience {
  return audienceOf(subject, { roster, now, membersOnly: false, signedBy: undefined, from: undefined });
}

export function readersOf({ members, reporter, guests }: Audience): readonly Reader[] {
  return [...members, ...(reporter ? [reporter] : []), ...guests];
}

/** Each mailbox once, as its first reader. */
function once(readers: readonly Reader[]): readonly Reader[] {
  const first = new Map<string, Reader>();
  for (const reader of readers) {
    const key = reader.address.toLowerCase();
    if (!first.has(key)) first.set(key, reader);
  }
  return [...first.values()];
}

/** The reporter as a reader: with the pinned certificate of A1, or their own as a representative of another list. */
export function reporterReader(subject: Case, roster: Roster, now: Instant): Reader | undefined {
  const { reporter } = subject;
  if (!reporter) return undefined;
  const representative = reporter.representative
    ? roster.representatives.get(reporter.representative)
    : undefined;
  if (representative) {
    // A suspended representative reads nothing, as a reporter either (A6).
    return mayRead(representative, now)
      ? { ...memberReader(representative, now), role: 'reporter' }
      : undefined;
  }
  if (!reporter.certificate) return undefined;
  const { id, address, certificate } = reporter;
  return { id, address, role: 'reporter', label: `${address} (reporter)`, certificates: [certificate] };
}

function guestReaders(subject: Case, now: Instant): readonly Reader[] {
  return subject.guests
    .filter((guest) => guest.effectiveFrom <= now)
    .map(({ id, address, certificate }) => ({
      id,
      address,
      role: 'guest' as const,
      label: `${address} (guest)`,
      certificates: [certificate],
    }));
}

function memberReader(representative: Representative, now: Instant): Reader {
  return {
    id: representative.id,
    address: representative.address,
    role: 'member',
    label: `${representative.address} (${representative.member})`,
    certificates: currentCertificates(representative, now),
  };
}
