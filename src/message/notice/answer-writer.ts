import { sameMailbox } from '../../mail/address.ts';
import { caseAddress } from '../../mail/list-address.ts';
import { writeOurPart } from '../copy/our-part.ts';
import type { Desk } from '../desk.ts';
import { readersOf, wholeAudience } from '../file/audience.ts';
import { authorOf, type Filing } from '../file/filing.ts';
import type { JudgedCommands, RefusedCommand } from '../file/judge-commands.ts';
import type { Outgoing, Reader } from '../plan.ts';
import { writeNotice } from './write-notice.ts';

/**
 * What the writer of a message is told at once, sealed to them alone: commands that were not done and why (A2), and that
 * the reporter does not have the message, with what to do if they should (R3). Nothing when there is nothing to tell.
 */
export function answerWriter(
  {
    filing,
    signedBy,
    commands,
  }: Readonly<{ filing: Filing; signedBy: string | undefined; commands: JudgedCommands }>,
  desk: Desk,
): readonly Outgoing[] {
  const { case: subject } = filing;
  const reader = writerReader(filing, signedBy, desk);
  const lines = [...notDone(filing, commands).map(describeRefused), ...notReached(filing)];
  if (!reader || lines.length === 0) return [];
  const text = writeOurPart({
    title: `${subject.number} · ${subject.list} · about the mail you wrote`,
    lines: [...lines, { label: 'Your mail', text: 'was filed, and its other readers have it' }],
  });
  return [
    writeNotice(
      {
        list: subject.list,
        caseNumber: subject.number,
        readers: [reader],
        audience: 'the writer of a message',
        subject: `${subject.number}: about the mail you wrote`,
        text,
        replyTo: caseAddress(subject.list, subject.number, desk.domain, reader.role === 'member'),
        references: [filing.messageId],
      },
      desk,
    ),
  ];
}

/** A clear-ok that was understood, and still sends nothing in clear, is not done either. */
function notDone({ reporterInClear, audience }: Filing, commands: JudgedCommands): readonly RefusedCommand[] {
  if (reporterInClear.kind === 'in-clear') return commands.refused;
  const noNeed = audience.reporter
    ? 'the reporter has a certificate, and their copy is sealed to it'
    : 'the mail was not addressed to a reporter without a certificate';
  const why = reporterInClear.kind === 'withheld' ? reporterInClear.why : noNeed;
  const inVain = commands.accepted.filter(({ command }) => command.kind === 'clear-ok');
  return [...commands.refused, ...inVain.map(({ line }) => ({ line, why }))];
}

/** Our label stands before the line, so that ours is no command (A2). */
function describeRefused({ line, why }: RefusedCommand) {
  return { label: 'Not done', text: `${line}\n${why}` };
}

function notReached({ reporterInClear }: Filing) {
  if (reporterInClear.kind !== 'withheld' || reporterInClear.remedy === undefined) return [];
  const { address, why, remedy } = reporterInClear;
  return [
    { label: 'Not sent to', text: `the reporter ${address}: ${why}` },
    { label: 'If it may', text: `go to ${address} in clear:\n${remedy}` },
  ];
}

/** By signature; a member also by From: what is sealed to them tells nobody else anything. */
function writerReader(
  { letter, case: subject, audience }: Filing,
  signedBy: string | undefined,
  desk: Desk,
): Reader | undefined {
  const from = authorOf(letter)?.address;
  if (signedBy === undefined) {
    return from && audience.members.find((member) => sameMailbox(member.address, from));
  }
  const everybody = wholeAudience(subject, desk.knowledge.roster, desk.now);
  return readersOf(everybody).find((reader) => reader.id === signedBy);
}
