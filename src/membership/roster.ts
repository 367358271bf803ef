import { type Address, sameMailbox } from '../mail/address.ts';
import type { Instant } from '../time/instant.ts';
import type { Certificate } from './certificate.ts';
import type { MailKeysOfLists } from './mail-keys.ts';

/**
 * Mail in clear to a reporter without a certificate (R3). `never` · `per-message`: a message whose signed text says so ·
 * `if-reported-in-clear`: every member's signed answer to a report that came in clear, and none to another.
 */
export type ClearToReporter = 'never' | 'per-message' | 'if-reported-in-clear';

/** A list's settings, from its preset; what a preset says is data (`presets/`). */
export type ListSettings = Readonly<{
  name: string;
  kind: 'private' | 'public';
  address: Address;
  preset: string;
  title: string;
  /** When it was made. */
  since: Instant;
  /** Private lists whose members read this one too: `distros` includes `linux-distros`. */
  includes: readonly string[];
  /** Largest mail taken, in bytes. */
  maximumSize: number;
  /** The outer subject of copies: hidden always, or shown where it had travelled in clear (M4). */
  outerSubject: 'hidden' | 'shown-if-clear';
  /** Copies share one ciphertext (DESIGN §5), or are encrypted one by one so that they cannot be linked. */
  copies: 'shared' | 'unlinkable';
  /** When a reporter without a certificate is answered in clear (R3). */
  clearToReporter: ClearToReporter;
  /** Longest embargo, in days from the first receipt. */
  maximumEmbargoDays: number;
}>;

/** A certificate and the moment from which copies are sealed to it (A6). */
export type HeldCertificate = Readonly<{ certificate: Certificate; effectiveFrom: Instant }>;

/** A person, or a role alias (R7), who reads for a member. */
export type Representative = Readonly<{
  id: string;
  member: string;
  address: Address;
  certificates: readonly HeldCertificate[];
  standing: 'active' | 'suspended' | 'removed';
  effectiveFrom: Instant;
}>;

export type Member = Readonly<{ name: string; lists: readonly string[]; products: readonly string[] }>;

/** Who a list names to run it, from when on. */
export type Administration = Readonly<{ list: string; representative: string; effectiveFrom: Instant }>;

/**
 * After a list's key was stolen, its administrators show that they still hold their own: until then nothing that they
 * command as administrators is done. `since`: only what was signed after it proves anything.
 */
export type OwedProof = Readonly<{
  list: string;
  representative: string;
  since: Instant;
  /** The task that ends with it. */
  obligation: string;
}>;

/** The administrator of every private list to whom the keys may be exported, from when on (K6). */
export type Custodian = Readonly<{ representative: string; effectiveFrom: Instant }>;

/** The fold of all roster events. */
export type Roster = Readonly<{
  lists: ReadonlyMap<string, ListSettings>;
  members: ReadonlyMap<string, Member>;
  representatives: ReadonlyMap<string, Representative>;
  administrations: readonly Administration[];
  mailKeys: MailKeysOfLists;
  proofs: readonly OwedProof[];
  custodian: Custodian | undefined;
}>;

export const emptyRoster: Roster = {
  lists: new Map(),
  members: new Map(),
  representatives: new Map(),
  administrations: [],
  mailKeys: new Map(),
  proofs: [],
  custodian: undefined,
};

export function privateLists(roster: Roster): readonly ListSettings[] {
  return [...roster.lists.values()].filter((list) => list.kind === 'private');
}

/** Who may read as of `now`: active, and past the waiting time of A6. */
export function mayRead(representative: Representative, now: Instant): boolean {
  return representative.standing === 'active' && representative.effectiveFrom <= now;
}

/** The lists whose members read `list`: itself and what it includes. */
function listsReading(roster: Roster, list: string): readonly string[] {
  return [list, ...(roster.lists.get(list)?.includes ?? [])];
}

/** Whether this person reads `list` as a member as of `now`. */
export function mayReadList(
  roster: Roster,
  list: string,
  representative: Representative,
  now: Instant,
): boolean {
  const lists = roster.members.get(representative.member)?.lists ?? [];
  const reading = listsReading(roster, list);
  return mayRead(representative, now) && lists.some((name) => reading.includes(name));
}

/** Everybody who reads `list` as a member as of `now`, each person once (M6), in a stable order. */
export function representativesOf(roster: Roster, list: string, now: Instant): readonly Representative[] {
  const people = new Map<string, Representative>();
  for (const representative of roster.representatives.values()) {
    const key = representative.address.toLowerCase();
    if (mayReadList(roster, list, representative, now) && !people.has(key)) people.set(key, representative);
  }
  return [...people.values()];
}

export function administratorsOf(roster: Roster, list: string, now: Instant): readonly Representative[] {
  return roster.administrations
    .filter((administration) => administration.list === list && administration.effectiveFrom <= now)
    .map((administration) => roster.representatives.get(administration.representative))
    .filter((representative) => representative !== undefined)
    .filter((representative) => mayRead(representative, now));
}

/** A representative by member and address, whatever their standing; removed ones are gone. */
export function findRepresentative(
  roster: Roster,
  member: string,
  address: Address,
): Representative | undefined {
  return [...roster.representatives.values()].find(
    (representative) =>
      representative.member === member &&
      sameMailbox(representative.address, address) &&
      representative.standing !== 'removed',
  );
}

/**
 * Whose certificate this is, by the fingerprint of its primary key. The removed count too, as they are known; but
 * who came back with the same key is who is here now.
 */
export function ownerOfCertificate(roster: Roster, fingerprint: string): Representative | undefined {
  const owners = [...roster.representatives.values()].filter((representative) =>
    representative.certificates.some((held) => held.certificate.fingerprint === fingerprint),
  );
  return owners.find((owner) => owner.standing !== 'removed') ?? owners.at(-1);
}

/** The certificates a copy is wrapped to now; those still waiting (A6) are left out. */
export function currentCertificates(representative: Representative, now: Instant): readonly Certificate[] {
  return newest(representative.certificates.filter((held) => held.effectiveFrom <= now));
}

/** The newest version of each certificate of a person, those still waiting (A6) included. */
export function newestCertificates(representative: Representative): readonly Certificate[] {
  return newest(representative.certificates);
}

/** Of several versions of one certificate the last that was added. */
function newest(held: readonly HeldCertificate[]): readonly Certificate[] {
  return [...new Map(held.map(({ certificate }) => [certificate.fingerprint, certificate])).values()];
}
