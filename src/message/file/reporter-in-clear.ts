import type { Case } from '../../case/case.ts';
import { signatureFault } from '../../case/command-signature.ts';
import { type Address, domainOf } from '../../mail/address.ts';
import { type Desk, settingsOf } from '../desk.ts';
import type { Letter } from '../letter/letter.ts';
import type { Audience } from './audience.ts';
import { type JudgedCommands, memberWho } from './judge-commands.ts';

/**
 * What becomes of a message for a reporter to whom nothing can be sealed (R3). `no-need`: they have a certificate, wrote
 * it themselves, or it is not for them. `remedy`: what its writer may do, where there is anything.
 */
export type ReporterInClear =
  | Readonly<{ kind: 'no-need' }>
  | Readonly<{ kind: 'withheld'; address: Address; why: string; remedy: string | undefined }>
  | Readonly<{ kind: 'in-clear'; address: Address; by: string; entity: Uint8Array }>;

/** Decides by the list's policy and by what the writer of this very message says, signed. */
export function decideInClear(
  of: Readonly<{ letter: Letter; subject: Case; audience: Audience; commands: JudgedCommands }>,
  desk: Desk,
): ReporterInClear {
  const { letter, subject, audience, commands } = of;
  const address = audience.withoutKey;
  if (address === undefined) return { kind: 'no-need' };
  const withheld = (why: string, remedy?: string) => ({ kind: 'withheld', address, why, remedy }) as const;
  // A6: whom we know by a certificate and who may not read now gets nothing in another way.
  if (subject.reporter?.representative) return withheld('they may not read it at present');
  const refused = policyFault(letter, subject, commands, desk);
  if (refused) return withheld(refused.why, refused.remedy);
  if (!mayBeWrittenTo(address, desk)) return withheld('mail in clear cannot be sent to such an address');
  const { clearEntity } = letter.opened;
  switch (clearEntity.kind) {
    case 'unfit':
      return withheld('its form cannot travel in clear', 'write it as plain text');
    case 'too-large':
      return withheld('it is too large to go in clear', 'leave out large files');
    case 'fit': {
      const by = memberWho(letter, subject, desk)?.id ?? '';
      return { kind: 'in-clear', address, by, entity: clearEntity.bytes };
    }
  }
}

type Refused = Readonly<{ why: string; remedy?: string }>;

/** Undefined when this message may go in clear. */
function policyFault(
  letter: Letter,
  subject: Case,
  commands: JudgedCommands,
  desk: Desk,
): Refused | undefined {
  const why = 'no certificate is pinned for them';
  switch (settingsOf(desk, subject.list).clearToReporter) {
    case 'never':
      return { why };
    case 'per-message': {
      const line = `Embargod: ${subject.number} clear-ok`;
      const remedy = `repeat it, signed, with this as its first line:\n${line}`;
      return commands.accepted.some(({ command }) => command.kind === 'clear-ok')
        ? undefined
        : { why, remedy };
    }
    case 'if-reported-in-clear':
      if (!subject.subjectInClear) return { why: `${why}, and they had encrypted the report` };
      return isSignedByMember(letter, subject, desk) ? undefined : { why, remedy: 'repeat it, signed' };
  }
}

/** As strictly as for a command (A2): an old signed text, sent in again by somebody, must not reach anybody in clear. */
function isSignedByMember(letter: Letter, subject: Case, desk: Desk): boolean {
  const { signature, signedText } = letter.opened;
  return (
    signature.kind === 'valid' &&
    signedText !== undefined &&
    signatureFault(signature, desk.now, desk.knowledge) === undefined &&
    memberWho(letter, subject, desk) !== undefined
  );
}

/** Not to ourselves (a loop, or the public list), and ASCII, as the relay may know no SMTPUTF8. */
function mayBeWrittenTo(address: Address, desk: Desk): boolean {
  return domainOf(address) !== desk.domain && /^[!-~]+$/.test(address);
}
