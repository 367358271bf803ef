import { mayRead, newestCertificates } from '../../membership/roster.ts';
import { formatInstant } from '../../time/instant.ts';
import type { Desk } from '../desk.ts';
import type { CaseRow } from '../ports.ts';
import { confirmingAdministrators, restoreStatement } from '../restore/administrator-word.ts';
import { describeLoss } from '../restore/describe-loss.ts';
import { isFrozen, type Restored, restoreParts } from '../restore/restored.ts';
import type { UncertainRow } from '../restore/uncertain-row.ts';
import { done, type Execute } from './execution.ts';
import type { Json, Request } from './request.ts';

/** More rows than people compare by hand; `outbox list` has all of them. */
const shownRows = 20;

/** What administrators and operator look at before they confirm (T6): who reads, what is gone, what was on its way. */
export const restoreShow: Execute<Extract<Request, { kind: 'restore-show' }>> = async (_, desk, tools) => {
  const { restored } = desk.knowledge;
  if (!restored) {
    return done(['This database was never restored from a backup.'], { restored: null, frozen: false });
  }
  const frozen = isFrozen(desk.knowledge);
  const uncertain = await tools.uncertainRows();
  const lost = (await tools.openCases()).filter(({ number }) => !desk.knowledge.cases.has(number));
  const { purged } = await tools.verifyJournal();
  const people = peopleOf(desk);
  const administrators = administratorsOf(desk);
  const guests = guestsOf(desk);
  const signers = confirmingAdministrators(desk).map(({ address }) => address);
  const left = restoreParts.filter((part) => !restored.confirmed.has(part));
  const statements = left.map((part) => restoreStatement(restored, part, desk.domain));
  return done(
    [
      `Restored at ${formatInstant(restored.at)}, generation ${restored.generation}.`,
      `Lost: ${describeLoss(restored)}.`,
      ...section('Rights taken away after the backup, and again at the restore', restored.withdrawn, none),
      ...section('Representatives as the backup has them', people.map(describePerson), 'nobody'),
      ...section('Administrators', administrators, 'nobody'),
      ...section('Guests of open cases', guests, 'nobody'),
      '',
      `Purged entries of the journal, as of the backup: ${purged}`,
      ...section('Open cases that today’s keys do not open', lost.map(describeCase), none),
      ...section(
        `Uncertain rows of the outbox: ${uncertain.length}`,
        uncertain.slice(0, shownRows).map(describeRow),
        none,
      ),
      ...(uncertain.length > shownRows ? ['  … all of them: embargod outbox list'] : []),
      '',
      ...(frozen
        ? [...adviceFor(left), ...wordsToSign(statements, signers)]
        : ['Everything is confirmed; the server works.']),
    ],
    {
      frozen,
      left,
      signers,
      statements: signers.length > 0 ? statements : [],
      restored: facts(restored),
      representatives: people,
      administrators,
      guests,
      purged,
      lostCases: lost.map(({ number }) => number),
      uncertain: uncertain.map(({ id, list, caseNumber, recipient }) => ({
        id,
        list,
        recipient,
        case: caseNumber ?? null,
      })),
    },
  );
};

const none = 'none';

function section(title: string, lines: readonly string[], empty: string): readonly string[] {
  return ['', title, ...(lines.length > 0 ? lines : [empty]).map((line) => `  ${line}`)];
}

function peopleOf({ knowledge: { roster }, now }: Desk) {
  return [...roster.representatives.values()].map((person) => ({
    address: person.address,
    member: person.member,
    standing: person.standing,
    reads: mayRead(person, now),
    since: formatInstant(person.effectiveFrom),
    fingerprints: newestCertificates(person).map(({ fingerprint }) => fingerprint),
  }));
}

function describePerson(person: ReturnType<typeof peopleOf>[number]): string {
  const { address, member, standing, since, fingerprints } = person;
  return `${address} (${member})   ${standing}   since ${since}   ${fingerprints.join(' ')}`;
}

function administratorsOf({ knowledge: { roster } }: Desk): readonly string[] {
  return roster.administrations.map(({ list, representative }) => {
    const person = roster.representatives.get(representative);
    return `${person?.address ?? representative} of ${list}`;
  });
}

function guestsOf({ knowledge: { cases } }: Desk): readonly string[] {
  return [...cases.values()]
    .filter(({ state }) => state === 'open')
    .flatMap(({ number, guests }) =>
      guests.map(({ address, certificate }) => `${address} in ${number}   ${certificate.fingerprint}`),
    );
}

function describeCase({ number, list }: CaseRow): string {
  return `${number} of ${list}`;
}

function describeRow({ id, caseNumber, list, recipient }: UncertainRow): string {
  return `${id}   ${caseNumber ?? list}   ${recipient}`;
}

function facts({ generation, at, backupAt, sizeBefore, size, withdrawn }: Restored): Json {
  return {
    generation,
    at: formatInstant(at),
    backupAt: backupAt === undefined ? null : formatInstant(backupAt),
    sizeBefore: sizeBefore ?? null,
    size,
    withdrawn,
  };
}

function adviceFor(left: readonly string[]): readonly string[] {
  const advice: Readonly<Record<string, readonly string[]>> = {
    roster: [
      'roster: suspend or remove first whoever may not read any more: embargod representative suspend, embargod representative remove. Then:',
      '  embargod restore confirm roster',
    ],
    purges: [
      'purges: what was purged after the backup is back, as far as the keys open it. Purge it again once the server works; there was none, or you will:',
      '  embargod restore confirm purges',
    ],
    outbox: [
      'outbox, last: what was on its way at the backup has left since, most likely: --cancel. --resend sends it, to some a second time.',
      '  embargod restore confirm outbox --cancel',
    ],
  };
  return ['Frozen until these are confirmed:', ...left.flatMap((part) => advice[part] ?? [])];
}

/** One file may hold all three. */
function wordsToSign(statements: readonly string[], signers: readonly string[]): readonly string[] {
  if (signers.length === 0)
    return ['', 'No list has an administrator who could sign: your word alone counts.'];
  return [
    '',
    `One of ${signers.join(', ')} has to stand for it beside you. Show them all of this; they sign these lines, as far as they agree, with gpg --clearsign, and you give the file with --signed FILE:`,
    ...statements.map((line) => `  ${line}`),
  ];
}
