import { type Address, parseAddress } from '../../mail/address.ts';
import type { MessageId } from '../../mail/letter-head.ts';
import { tokenLength } from '../../mail/list-address.ts';
import { parseMessageId } from '../../mail/message-ids.ts';
import type { CertificateFault } from '../../membership/certificate.ts';
import { type Instant, parseInstant } from '../../time/instant.ts';
import type { NoticeParameters, OutboxRow } from '../ports.ts';

/**
 * What a clear notice may name, read strictly from the row (P5): names, instants, ids and words from closed sets.
 * A parameter that is unknown, malformed or missing stops the notice.
 *
 *   receipt           receivedAt, [inReplyTo]; the row may have the case number
 *   held-how-to-pass  receivedAt, token, [missing], [inReplyTo]; the row has no case number
 *   reader-parked     fault; the row has no case number
 *
 * `list` and `caseNumber` may be named again, and then say the same as the row.
 */
export type CheckedNotice =
  | Readonly<{
      kind: 'receipt';
      caseNumber: string | undefined;
      receivedAt: Instant;
      inReplyTo: MessageId | undefined;
    }>
  | Readonly<{
      kind: 'held-how-to-pass';
      receivedAt: Instant;
      heldToken: string;
      missing: MissingStep;
      inReplyTo: MessageId | undefined;
    }>
  | Readonly<{ kind: 'reader-parked'; fault: ParkedFault }>;

/** Why nothing can be sealed to a reader. */
export type ParkedFault = CertificateFault | 'no certificate';

/** What a held report lacks: the `[vs]` tag, encryption, or either of them. */
export type MissingStep = 'tag' | 'encryption' | 'tag-or-encryption';

/** `parameter` names what was wrong, never its value. */
export type MalformedNotice = Readonly<{ kind: 'malformed'; parameter: string }>;

const missingSteps: readonly MissingStep[] = ['tag', 'encryption', 'tag-or-encryption'];
const faults: readonly ParkedFault[] = [
  'no certificate',
  'expired',
  'revoked',
  'weak',
  'no-encryption-key',
  'unsupported-version',
  'not-yet-valid',
  'unreadable',
];
const tokenPattern = new RegExp(`^[a-z2-7]{${tokenLength}}$`);

export function readClearNotice(
  row: Pick<OutboxRow, 'list' | 'caseNumber' | 'content'>,
): CheckedNotice | MalformedNotice {
  if (row.content.kind !== 'notice') return malformed('template');
  const { template, parameters: given } = row.content;
  const { list, caseNumber, ...parameters } = given;
  if (list !== undefined && list !== row.list) return malformed('list');
  if (caseNumber !== undefined && caseNumber !== row.caseNumber) return malformed('caseNumber');
  switch (template) {
    case 'receipt':
      return readReceipt(row.caseNumber, parameters);
    case 'held-how-to-pass':
      return readHeld(row.caseNumber, parameters);
    case 'reader-parked': {
      const fault = faults.find((known) => known === parameters.fault);
      if (row.caseNumber !== undefined) return malformed('caseNumber');
      return strange(parameters, ['fault']) ?? (fault ? { kind: template, fault } : malformed('fault'));
    }
    default:
      return malformed('template');
  }
}

function readReceipt(
  caseNumber: string | undefined,
  parameters: NoticeParameters,
): CheckedNotice | MalformedNotice {
  const unknown = strange(parameters, ['receivedAt', 'inReplyTo']);
  if (unknown) return unknown;
  if (caseNumber !== undefined && !/^VS-\d{4}-\d{4,6}$/.test(caseNumber)) return malformed('caseNumber');
  const receivedAt = parseInstant(parameters.receivedAt ?? '');
  if (receivedAt === undefined) return malformed('receivedAt');
  const inReplyTo = readMessageId(parameters.inReplyTo);
  if (inReplyTo === 'malformed') return malformed('inReplyTo');
  return { kind: 'receipt', caseNumber, receivedAt, inReplyTo };
}

function readHeld(
  caseNumber: string | undefined,
  parameters: NoticeParameters,
): CheckedNotice | MalformedNotice {
  const unknown = strange(parameters, ['receivedAt', 'token', 'missing', 'inReplyTo']);
  if (unknown) return unknown;
  if (caseNumber !== undefined) return malformed('caseNumber');
  const receivedAt = parseInstant(parameters.receivedAt ?? '');
  if (receivedAt === undefined) return malformed('receivedAt');
  const heldToken = parameters.token ?? '';
  if (!tokenPattern.test(heldToken)) return malformed('token');
  const missing = missingSteps.find((step) => step === (parameters.missing ?? 'tag-or-encryption'));
  if (!missing) return malformed('missing');
  const inReplyTo = readMessageId(parameters.inReplyTo);
  if (inReplyTo === 'malformed') return malformed('inReplyTo');
  return { kind: 'held-how-to-pass', receivedAt, heldToken, missing, inReplyTo };
}

/** Attack: an id with a line break in it, or a whole message, which a stranger chose and we would repeat. */
const messageIdPattern = /^<[!-;=?-~]{1,250}>$/;

function readMessageId(text: string | undefined): MessageId | undefined | 'malformed' {
  if (text === undefined) return undefined;
  const fits = messageIdPattern.test(text) && /^[^@]+@[^@]+$/.test(text);
  return (fits ? parseMessageId(text) : undefined) ?? 'malformed';
}

/** ASCII only: the notice's header is, and its relay may know no SMTPUTF8. */
export function readNoticeAddress(text: string): Address | undefined {
  return /^[!-~]+$/.test(text) ? parseAddress(text) : undefined;
}

function strange(parameters: NoticeParameters, known: readonly string[]): MalformedNotice | undefined {
  return Object.keys(parameters).every((name) => known.includes(name))
    ? undefined
    : malformed('unknown-parameter');
}

function malformed(parameter: string): MalformedNotice {
  return { kind: 'malformed', parameter };
}
