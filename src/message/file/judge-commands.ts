import type { Case } from '../../case/case.ts';
import { signatureFault } from '../../case/command-signature.ts';
import type { MailCommand } from '../../case/commands/registry.ts';
import { type CommandLine, readCommands } from '../../case/mail-commands.ts';
import { currentCertificates, mayReadList, type Representative } from '../../membership/roster.ts';
import type { Desk } from '../desk.ts';
import type { Letter } from '../letter/letter.ts';

/** A line that was meant as a command and is not carried out; `why` follows a colon. */
export type RefusedCommand = Readonly<{ line: string; why: string }>;

export type JudgedCommands = Readonly<{
  /** To be carried out, each with the line it was given by. */
  accepted: readonly Readonly<{ line: string; command: MailCommand }>[];
  refused: readonly RefusedCommand[];
}>;

const noCommands: JudgedCommands = { accepted: [], refused: [] };

/** A2: what a mail commands, judged by who signed it as they stand now, not as they stood when they wrote. */
export function judgeCommands(letter: Letter, subject: Case, desk: Desk): JudgedCommands {
  const { signedText, signature } = letter.opened;
  if (signedText === undefined || signature.kind !== 'valid') return noCommands;
  const { lines } = readCommands(signedText);
  if (lines.length === 0) return noCommands;
  const fault = signatureFault(signature, desk.now, desk.knowledge);
  const judged = lines.map((line) => ({ line, why: whyNot(line, fault, { letter, subject, desk }) }));
  return {
    accepted: judged.flatMap(({ line, why }) =>
      why === undefined && line.kind === 'command' ? [{ line: line.line, command: line.command }] : [],
    ),
    refused: judged.flatMap(({ line, why }) => (why === undefined ? [] : [{ line: line.line, why }])),
  };
}

function whyNot(
  line: CommandLine,
  fault: string | undefined,
  { letter, subject, desk }: Readonly<{ letter: Letter; subject: Case; desk: Desk }>,
): string | undefined {
  if (line.kind === 'not-understood') return line.why;
  if (fault !== undefined) return fault;
  // Nothing is said of the case it names: whoever wrote may not know whether there is one (I9).
  if (line.caseNumber !== subject.number) {
    return `a command names the case that its mail is sent to, here ${subject.number}`;
  }
  return memberWho(letter, subject, desk) ? undefined : `only members of ${subject.list} may`;
}

/** The member who signed the mail, if they read the case's list as of now. */
export function memberWho(
  { signer, opened: { signature } }: Letter,
  subject: Case,
  { knowledge: { roster }, now }: Desk,
): Representative | undefined {
  if (signer.kind !== 'representative' || signature.kind !== 'valid') return undefined;
  const { representative } = signer;
  // A6: a certificate that still waits signs nothing yet.
  const inForce = currentCertificates(representative, now).some(
    ({ fingerprint }) => fingerprint === signature.fingerprint,
  );
  return inForce && mayReadList(roster, subject.list, representative, now) ? representative : undefined;
}
