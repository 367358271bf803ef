/**
 * What the operator may ask of the keyholder (P7). The command line writes one of these, signed with the operator key
 * and sealed to the keyholder; the keyholder checks the signature, executes, journals, and seals the answer back.
 * A request never carries or asks for content of a case in clear: `case-copy` does not exist on purpose.
 */
import type { Address } from '../../mail/address.ts';
import type { ListSettings } from '../../membership/roster.ts';
import type { Duration } from '../../time/instant.ts';

/** Policies that ship as `presets/NAME.toml`. */
export type PresetName = 'linux-distros' | 'distros' | 'oss-security';
export const presetNames: readonly PresetName[] = ['linux-distros', 'distros', 'oss-security'];

/** The command line reads the preset and the keyholder journals what it said: a later preset changes no list. */
export type ListAdd = Readonly<{ kind: 'list-add'; settings: Omit<ListSettings, 'address' | 'since'> }>;

export type RepresentativeAdd = Readonly<{
  kind: 'representative-add';
  member: string;
  address: Address;
  /** Armoured public key; the executor refuses one with secrets, or that cannot be sealed to now. */
  certificate: string;
}>;

export type RepresentativeChange = Readonly<{
  kind: 'representative-suspend' | 'representative-restore' | 'representative-remove';
  member: string;
  address: Address;
}>;

export type AdministratorChange = Readonly<{
  kind: 'administrator-add' | 'administrator-remove';
  list: string;
  address: Address;
  /** Also the last one, whose removal leaves the held mail to nobody. */
  sure?: boolean | undefined;
}>;

export type OutboxChange = Readonly<{
  kind: 'outbox-change';
  change: 'retry' | 'hold' | 'release';
  ids: readonly string[];
}>;

/** A request is one transaction, and its answer a page. */
export const mostOutboxChanges = 1_000;

/** `outbox` comes last, with what becomes of copies that the backup shows as not yet sent. */
export type RestoreConfirm = Readonly<{
  kind: 'restore-confirm';
  /** What an administrator signed with gpg --clearsign. Needed where a list has one. */
  signed?: string | undefined;
}> &
  Readonly<{ part: 'roster' | 'purges' } | { part: 'outbox'; uncertain: 'cancel' | 'resend' }>;

export type Request =
  | ListAdd
  | Readonly<{ kind: 'list-show'; name: string }>
  /** Private lists that lack readers or administrators. */
  | Readonly<{ kind: 'list-check' }>
  /** Answer data: `{ armour: string }`. */
  | Readonly<{ kind: 'list-key'; name: string }>
  /** `compromised`: no grace; the old key is revoked and destroyed at once, and administrators prove their own. */
  | Readonly<{ kind: 'list-rotate-key'; name: string; compromised: boolean }>
  | Readonly<{ kind: 'member-add'; name: string; lists: readonly string[]; products: readonly string[] }>
  | Readonly<{ kind: 'member-list' }>
  | RepresentativeAdd
  | RepresentativeChange
  | AdministratorChange
  /** Lists certificates that are unusable now or within the duration, in milliseconds. */
  | Readonly<{ kind: 'certificate-check'; within: Duration }>
  | Readonly<{ kind: 'held-pass' | 'held-refuse'; id: string; reason: string }>
  | Readonly<{ kind: 'outbox-retry'; id: string }>
  /** Several rows at once, whole or not at all. `release`: what was stopped is queued again. */
  | OutboxChange
  /** Ends a task that a person has done outside: a delivery mended, a report reviewed. */
  | Readonly<{ kind: 'obligation-settle'; id: string; ending: string }>
  /** `certificate` as for a representative. A guest reads what is sealed from now on, never what was (A5). */
  | Readonly<{ kind: 'guest-add'; caseNumber: string; address: Address; certificate: string }>
  /** `posting`: URL of the public posting that ends the case. */
  | Readonly<{ kind: 'case-close'; caseNumber: string; posting: string }>
  /** Announces at first, purges when it is given again a day later; without cases: old mail that belongs to none. */
  | Readonly<{ kind: 'purge'; cases: readonly string[] }>
  /** The one to whom keys may be exported: an administrator of every private list. */
  | Readonly<{ kind: 'key-custodian'; address: Address }>
  /** Answer data: `{ armour, count, signedBy, custodian, fingerprints }`; sealed to the custodian, not to the operator. */
  | Readonly<{ kind: 'key-export' }>
  /** Chain, commitments and every detail that is not purged, by the keyholder (T7). */
  | Readonly<{ kind: 'journal-verify' }>
  /** What a restored database says, and what of it waits for a confirmation (T6). */
  | Readonly<{ kind: 'restore-show' }>
  | RestoreConfirm;

/** JSON that `--json` prints. */
export type Json = string | number | boolean | null | readonly Json[] | Readonly<{ [key: string]: Json }>;

export type Answer =
  /** `text`: lines for people; `data`: the same for scripts. */
  | Readonly<{ kind: 'done'; text: readonly string[]; data: Json }>
  /** `reason`: one sentence, what is wrong and what to do. The command exits with 1. */
  | Readonly<{ kind: 'refused'; reason: string }>;

/** List names are local parts of addresses, and never collide with those that mean something else. */
const listNamePattern = /^[a-z][a-z0-9-]{1,39}$/;
/** Mailboxes that every domain has, and the first words of other paths on the public pages (docs/urls.md). */
const otherNames = ['postmaster', 'abuse', 'cve'];
export function isListName(name: string): boolean {
  return listNamePattern.test(name) && !/-(owner|request)$/.test(name) && !otherNames.includes(name);
}
