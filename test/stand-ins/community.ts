/** A small community for tests of the domain, told as the events that founded it. Nobody here exists. */
import { type Address, parseAddress } from '../../src/mail/address.ts';
import { listAddress } from '../../src/mail/list-address.ts';
import type { Certificate } from '../../src/membership/certificate.ts';
import type { ListSettings } from '../../src/membership/roster.ts';
import type { RosterEvent } from '../../src/membership/roster-event.ts';
import { day, type Instant, instantFromMilliseconds, later } from '../../src/time/instant.ts';

export const domain = 'lists.example.org';
/** The moment at which most stories happen; the community is ten days older. */
export const noon = instantFromMilliseconds(Date.UTC(2026, 10, 23, 12));
export const founding = later(noon, -10 * day);

export function address(text: string): Address {
  const parsed = parseAddress(text);
  if (!parsed) throw new Error(`${text} is no address: mend the test.`);
  return parsed;
}

/** A certificate that only its name tells from others: nothing can be sealed to it but by the stand-in. */
export function certificateOf(owner: string, version = 1): Certificate {
  const digits = [...owner].map((letter) => letter.charCodeAt(0).toString(16)).join('');
  return {
    fingerprint: digits.padEnd(40, '0').slice(0, 40).toUpperCase(),
    bytes: new TextEncoder().encode(`${owner} ${version}`),
    userIds: [`${owner} <${owner}@example.org>`],
    createdAt: founding,
  };
}

export function listSettings(name: string, changes: Partial<ListSettings> = {}): ListSettings {
  return {
    name,
    kind: 'private',
    address: listAddress(name, domain),
    preset: 'linux-distros',
    title: `The list ${name}`,
    since: founding,
    includes: [],
    maximumSize: 30 * 1024 * 1024,
    outerSubject: 'hidden',
    copies: 'shared',
    clearToReporter: 'per-message',
    maximumEmbargoDays: 14,
    ...changes,
  };
}

export function joins(
  person: string,
  member: string,
  changes: Partial<Extract<RosterEvent, { kind: 'representative-added' }>> = {},
): RosterEvent {
  return {
    kind: 'representative-added',
    id: person,
    member,
    address: address(`${person}@${member.toLowerCase()}.example`),
    certificate: certificateOf(person),
    effectiveFrom: founding,
    ...changes,
  };
}

export function administers(person: string, list: string, effectiveFrom: Instant = founding): RosterEvent {
  return { kind: 'administrator-added', list, representative: person, effectiveFrom };
}

/**
 * `linux-distros`: alice (Debian, administrator) and bob (SUSE); `distros` has fred (FreeBSD) too and includes the
 * first; `other` stands apart, read by olga (Other); `oss-security` is public.
 */
export const community: readonly RosterEvent[] = [
  { kind: 'list-added', list: listSettings('linux-distros') },
  { kind: 'list-added', list: listSettings('distros', { includes: ['linux-distros'] }) },
  { kind: 'list-added', list: listSettings('other') },
  { kind: 'list-added', list: listSettings('oss-security', { kind: 'public' }) },
  { kind: 'member-added', member: 'Debian', lists: ['linux-distros'], products: [] },
  { kind: 'member-added', member: 'SUSE', lists: ['linux-distros'], products: [] },
  { kind: 'member-added', member: 'FreeBSD', lists: ['distros'], products: [] },
  { kind: 'member-added', member: 'Other', lists: ['other'], products: [] },
  joins('alice', 'Debian'),
  joins('bob', 'SUSE'),
  joins('fred', 'FreeBSD'),
  joins('olga', 'Other'),
  administers('alice', 'linux-distros'),
  administers('alice', 'distros'),
];
