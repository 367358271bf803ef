/**
 * What the keyholder takes from a key directory's answer (WKD): of certificates that it knows already, by fingerprint, what
 * their own keys have signed since. It lets nobody in: another certificate, or a further key of a known one, is for a
 * person to look at; the administrators hear of it once. An answer that says nothing new changes nothing.
 */
import { domainOf } from '../../mail/address.ts';
import { applyRosterEvent } from '../../membership/apply-roster-event.ts';
import type { CertificateUse, ExaminedCertificate } from '../../membership/certificate.ts';
import { currentCertificates, privateLists, type Representative } from '../../membership/roster.ts';
import { day, type Instant } from '../../time/instant.ts';
import type { Desk } from '../desk.ts';
import { alarmAdministrators } from '../notice/alarm-administrators.ts';
import { emptyPlan, type Outgoing, type Plan } from '../plan.ts';
import { readerChange } from '../reader-change.ts';
import { additionTakesEffect, announceToMembers } from '../requests/roster-change.ts';
import type { UnreadAnswer } from './key-lookup.ts';
import { type CertificateChange, type MergeTools, mergeVersions } from './merge-versions.ts';

export type AnswerTools = MergeTools &
  Readonly<{
    /** In the child (P3): of each certificate in it what its own key has signed. */
    read: (bytes: Uint8Array, now: Instant) => Promise<readonly ExaminedCertificate[]>;
  }>;

/** A directory that shows another key every day would make a mail of it every day. */
const tellAgainAfter = 30 * day;
/** Ids in one notice; a directory may hand out as many as fit. */
const mostNamed = 5;

export async function takeAnswer(
  { readerId, bytes }: UnreadAnswer,
  desk: Desk,
  tools: AnswerTools,
): Promise<Plan | undefined> {
  const person = desk.knowledge.roster.representatives.get(readerId);
  const member = person && desk.knowledge.roster.members.get(person.member);
  if (!person || !member || person.standing !== 'active') return undefined;
  const found = await tools.read(bytes, desk.now);
  const additionsFrom = additionTakesEffect(member.lists, desk);
  const changes: CertificateChange[] = [];
  let { roster } = desk.knowledge;
  // One after the other: a directory may have several copies of a certificate, and the revocation in the last.
  for (const { certificate: copy } of found) {
    const current = roster.representatives.get(readerId) ?? person;
    const change = await mergeVersions({ person: current, copy, now: desk.now, additionsFrom }, tools);
    if (!change) continue;
    changes.push(change);
    roster = change.events.reduce(applyRosterEvent, roster);
  }
  const taken = await planChanges(person, changes, desk, tools.use);
  const told = planStrange(person, strangeIn(person, found, changes), desk);
  const events = [...taken.events, ...told.events];
  return events.length === 0
    ? undefined
    : { ...emptyPlan, ...taken, events, outgoing: [...taken.outgoing, ...told.outgoing] };
}

type Taken = Pick<Plan, 'events' | 'outgoing' | 'readers' | 'cancelFor'>;

async function planChanges(
  person: Representative,
  changes: readonly CertificateChange[],
  desk: Desk,
  use: AnswerTools['use'],
): Promise<Taken> {
  const events = changes.flatMap((change) => change.events);
  if (events.length === 0) return { events, outgoing: [], readers: [], cancelFor: [] };
  const roster = events.reduce(applyRosterEvent, desk.knowledge.roster);
  const after = roster.representatives.get(person.id) ?? person;
  const uses: CertificateUse[] = [];
  for (const certificate of currentCertificates(after, desk.now)) uses.push(await use(certificate, desk.now));
  const reads = uses.some(({ kind }) => kind === 'usable');
  const outgoing = changes.flatMap((change) =>
    announce(after, change, { ...desk, knowledge: { ...desk.knowledge, roster } }, reads),
  );
  const readers = [readerChange(after, desk.now)];
  const cancelFor = changes.some(({ lost }) => lost.length > 0) ? [person.id] : [];
  return { events, outgoing, readers, cancelFor };
}

function announce(
  person: Representative,
  change: CertificateChange,
  desk: Desk,
  reads: boolean,
): readonly Outgoing[] {
  const member = desk.knowledge.roster.members.get(person.member);
  if (!member) return [];
  const { fingerprint, revoked, lost, widensFrom } = change;
  const except = reads ? {} : { except: person.id };
  const less = { member, what: wordLess(person, change, reads), effectiveFrom: desk.now, ...except };
  const more = `${nameOf(person)} has prolonged the certificate ${fingerprint}, ${source(person)}`;
  return [
    ...(revoked || lost.length > 0 ? announceToMembers(less, desk) : []),
    ...(widensFrom === undefined
      ? []
      : announceToMembers({ member, what: more, effectiveFrom: widensFrom }, desk)),
  ];
}

function wordLess(
  person: Representative,
  { fingerprint, revoked, lost, ended }: CertificateChange,
  reads: boolean,
): string {
  const what = ended
    ? `the certificate ${fingerprint}`
    : `${lost.length > 0 ? `the key ${lost.join(', ')}` : 'a part'} of the certificate ${fingerprint}`;
  const cancelled = lost.length > 0 ? ' Copies that had not left were cancelled.' : '';
  const stopped = reads ? '' : ` Nothing can be sealed to ${person.address} now.`;
  return `${nameOf(person)} has ${revoked ? 'revoked' : 'ended'} ${what}, ${source(person)}.${cancelled}${stopped}`;
}

function nameOf({ address, member }: Representative): string {
  return `${address} (${member})`;
}

function source({ address }: Representative): string {
  return `as the key directory (WKD) of ${domainOf(address)} says`;
}

type Strange = Readonly<{ fingerprints: readonly string[]; keys: readonly string[] }>;

/** Only what could be sealed to: old and revoked keys may lie in a directory. */
function strangeIn(
  person: Representative,
  found: readonly ExaminedCertificate[],
  changes: readonly CertificateChange[],
): Strange {
  const known = new Set(person.certificates.map(({ certificate }) => certificate.fingerprint));
  const others = found.filter(
    ({ certificate, use }) => use.kind === 'usable' && !known.has(certificate.fingerprint),
  );
  return {
    fingerprints: [...new Set(others.map(({ certificate }) => certificate.fingerprint))].sort(),
    keys: [...new Set(changes.flatMap(({ furtherKeys }) => furtherKeys))].sort(),
  };
}

function planStrange(
  { id, address, member }: Representative,
  { fingerprints, keys }: Strange,
  desk: Desk,
): Pick<Plan, 'events' | 'outgoing'> {
  const shown = [...fingerprints, ...keys].slice(0, mostNamed);
  const before = desk.knowledge.shownByDirectory.get(id);
  const known = before?.shown.join() === shown.join();
  const soon = before !== undefined && desk.now - before.at < tellAgainAfter;
  if (shown.length === 0 || known || soon) return { events: [], outgoing: [] };
  const { roster } = desk.knowledge;
  const lists = roster.members.get(member)?.lists ?? [];
  const what =
    fingerprints.length > 0
      ? `The key directory (WKD) of ${domainOf(address)} has another certificate for ${address} than we know: ${shown.join(', ')}. Nothing was changed.`
      : `The key directory (WKD) of ${domainOf(address)} has a further key of the certificate of ${address}: ${shown.join(', ')}. Nothing is sealed to it.`;
  const advice = `Ask ${address}, by a way that you trust, whether it is theirs; then add it: embargod representative add. If it is not, somebody else answers for their domain.`;
  return {
    events: [{ kind: 'directory-differed', representative: id, shown, at: desk.now }],
    outgoing: privateLists(roster)
      .filter(({ name }) => lists.includes(name))
      .flatMap(({ name }) => alarmAdministrators({ list: name, caseNumber: undefined, what, advice }, desk)),
  };
}
