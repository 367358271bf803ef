import { type Case, latestRelease } from '../../case/case.ts';
import type { Address } from '../../mail/address.ts';
import { caseAddress } from '../../mail/list-address.ts';
import { oneLine } from '../../mail/one-line.ts';
import { formatInstant } from '../../time/instant.ts';
import { type Desk, settingsOf } from '../desk.ts';
import { type Audience, wholeAudience } from '../file/audience.ts';
import { authorOf, type Filing } from '../file/filing.ts';
import type { InnerPart } from '../open/opened.ts';
import type { Unreached } from '../plan.ts';
import {
  describeArrival,
  describeAuthor,
  describeMarks,
  describeMarksOutside,
  describeSignature,
  writeOurPart,
} from './our-part.ts';

/** Our part of a copy (M1): for members by name and in full, for others only what concerns them (R6). */
export function writeCopyPart(
  forMembers: boolean,
  unreached: readonly Unreached[],
  filing: Filing,
  desk: Desk,
): string {
  const { letter, case: subject, audience, marks } = filing;
  const { opened } = letter;
  const settings = settingsOf(desk, subject.list);
  const around = opened.textAround?.trim();
  const lines = [
    { label: 'From', text: describeAuthor(authorOf(letter)) },
    { label: 'Signature', text: describeSignature(opened, letter.signer) },
    { label: 'Received', text: describeArrival(letter) },
    // A5: a mark may name another case; whoever is no member hears what is fit for the outside.
    { label: 'Note', text: forMembers ? describeMarks(marks) : describeMarksOutside(marks) },
    { label: 'Opened', text: describeInner(forMembers, filing) },
    {
      label: 'In clear',
      text: around ? 'text stood around the encrypted part; it is attached, unauthenticated' : '',
    },
    { label: 'Sent to', text: describeReaders(forMembers, audience, subject) },
    { label: 'Not reached', text: describeUnreached(forMembers, unreached) },
    {
      label: 'No key',
      text: forMembers ? describeWithheld(filing) : '',
    },
    { label: 'Sent clear', text: forMembers ? describeInClear(filing) : '' },
    { label: 'Not sent to', text: forMembers ? filing.outsiders.join(', ') : '' },
    { label: 'A reply', text: describeReply(forMembers, filing, desk) },
    {
      label: 'Next',
      text: `a release date is to be agreed; the latest that the policy allows is ${formatInstant(latestRelease(subject, settings.maximumEmbargoDays))}`,
    },
  ];
  const title = `${subject.number} · ${subject.list} · ${filing.kind === 'new' ? 'new report' : 'reply'}`;
  return writeOurPart({ title, lines: lines.filter((line) => line.text !== '') });
}

function describeWithheld({ reporterInClear }: Filing): string {
  if (reporterInClear.kind !== 'withheld') return '';
  return `not sent to ${reporterInClear.address}: ${reporterInClear.why}`;
}

function describeInClear({ reporterInClear }: Filing): string {
  return reporterInClear.kind === 'in-clear'
    ? `to the reporter ${reporterInClear.address}, who has no certificate`
    : '';
}

function describeInner(forMembers: boolean, { letter }: Filing): string {
  const { inner, unopened } = letter.opened;
  const opened = inner.map(describePart).join(', ');
  const closed = unopened.map((part) => `${quoteName(part.fileName)} (${part.reason})`).join(', ');
  return [
    opened && forMembers ? `${opened}; attached behind the mail` : '',
    opened && !forMembers ? 'parts that were encrypted inside went to members only' : '',
    closed ? `could not be opened: ${closed}` : '',
  ]
    .filter((text) => text !== '')
    .join('\n');
}

function describeReaders(forMembers: boolean, audience: Audience, subject: Case): string {
  const members = forMembers
    ? `the members of ${subject.list} (${counted(audience.members.length, 'reader')})`
    : `the members of ${subject.list}`;
  const reporter = audience.reporter
    ? [forMembers ? `the reporter ${audience.reporter.address}` : 'the reporter']
    : [];
  const guests =
    forMembers && audience.guests.length > 0
      ? [`guests ${audience.guests.map((guest) => guest.address).join(', ')}`]
      : [];
  return [members, ...reporter, ...guests].join('; ');
}

/** R6: members are told by name who was not reached; others a count. */
function describeUnreached(forMembers: boolean, unreached: readonly Unreached[]): string {
  if (unreached.length === 0) return '';
  return forMembers
    ? unreached.map(({ reader, why }) => `${reader.label}: ${why}`).join('\n')
    : `${unreached.length} of the readers`;
}

/** R1: who would have a reply, as of now: not a reporter without a key (R3), nor a guest who still waits (A6). */
function describeReply(forMembers: boolean, { case: subject }: Filing, desk: Desk): string {
  const all = caseAddress(subject.list, subject.number, desk.domain);
  const team = caseAddress(subject.list, subject.number, desk.domain, true);
  const reached = wholeAudience(subject, desk.knowledge.roster, desk.now);
  const reporter = reached.reporter ? `, the reporter ${reached.reporter.address}` : '';
  const guests = reached.guests.length > 0 ? `, ${counted(reached.guests.length, 'guest')}` : '';
  const clear = reached.withoutKey ? describeClearWay(subject, reached.withoutKey, desk) : '';
  return forMembers
    ? `to ${all}\nreaches the members${reporter}${guests}${clear}\nto ${team}\nreaches the members only`
    : `to ${all}\nreaches the members of ${subject.list} and the others on this case`;
}

/** R3: whoever answers knows before they write whether it goes in clear. */
function describeClearWay(subject: Case, address: Address, desk: Desk): string {
  if (subject.reporter?.representative) return '';
  switch (settingsOf(desk, subject.list).clearToReporter) {
    case 'never':
      return '';
    case 'per-message':
      return `; the reporter ${address} has no certificate: in clear only a signed mail whose first line is\nEmbargod: ${subject.number} clear-ok`;
    case 'if-reported-in-clear':
      return subject.subjectInClear ? `, and if it is signed the reporter ${address}, IN CLEAR` : '';
  }
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** M1: in quotes, which a name cannot leave: what stands outside them is our word, a verdict too. */
function quoteName(fileName: string | undefined): string {
  return fileName === undefined ? 'a part without a name' : `"${oneLine(fileName).replaceAll('"', "'")}"`;
}

function describePart({ fileName, signature }: InnerPart): string {
  const name = quoteName(fileName);
  switch (signature.kind) {
    case 'none':
      return name;
    case 'valid':
      return `${name} (signed by key ${signature.fingerprint})`;
    case 'invalid':
      return `${name} (INVALID signature)`;
    case 'unknown-key':
      return `${name} (signed by a key we do not know)`;
  }
}
