/**
 * `sender`'s own look at a mail in clear (P5, R3): the keyholder's signed word on this very row, then, opened in memory,
 * that it is the message and the addressee which the row names, and bytes that can go over the wire. I2: what is opened
 * here is written to the connection and nowhere else.
 */
import { readHeader } from '../../mail/header-fields.ts';
import { isWireSafe, stuffDots } from '../../mail/wire-safe.ts';
import type { OutboxContent, OutboxRow, SealedToSender } from '../ports.ts';
import { type CheckTools, checkPermit, type PermitFault, type ReadPermit } from './check-copy.ts';

export type PermittedFault =
  | PermitFault
  | 'permitted-unopenable'
  | 'permitted-other-message'
  | 'permitted-other-addressee'
  | 'permitted-unsafe-bytes';

export type PermittedContent = OutboxContent & { kind: 'permitted' };

/** `mail`: dots stuffed, as the wire wants it. */
export type CheckedPermitted =
  | Readonly<{ kind: 'mail'; mail: Uint8Array }>
  | Readonly<{ kind: 'fault'; fault: PermittedFault }>;

/** Opens with `sender`'s own key; throws when it is another's, or damaged. */
export type OpenSealed = (sealed: SealedToSender) => Uint8Array;

export function openPermitted(
  permitted: Readonly<{ row: OutboxRow; content: PermittedContent; permit: ReadPermit | undefined }>,
  tools: CheckTools,
  openSealed: OpenSealed,
): CheckedPermitted {
  const { row, content, permit } = permitted;
  // First: nothing is opened that the keyholder did not sign.
  const unpermitted = checkPermit(row, permit, tools);
  if (unpermitted) return { kind: 'fault', fault: unpermitted };
  const mail = opened(content.sealed, openSealed);
  const fault = mail ? mailFault(mail, row, content) : 'permitted-unopenable';
  return mail && !fault
    ? { kind: 'mail', mail: stuffDots(mail) }
    : { kind: 'fault', fault: fault ?? 'permitted-unopenable' };
}

function opened(sealed: SealedToSender, openSealed: OpenSealed): Uint8Array | undefined {
  try {
    return openSealed(sealed);
  } catch {
    return undefined;
  }
}

function mailFault(mail: Uint8Array, row: OutboxRow, content: PermittedContent): PermittedFault | undefined {
  const header = readHeader(mail, 0, mail.length);
  if (typeof header === 'string' || !isWireSafe(mail)) return 'permitted-unsafe-bytes';
  const values = (name: string) =>
    header.fields.filter(({ lowerName }) => lowerName === name).map(({ value }) => value);
  if (values('message-id').join('\n') !== content.messageId) return 'permitted-other-message';
  const addressees = ['to', 'cc', 'bcc'].flatMap(values).join('\n');
  return addressees === `<${row.recipient}>` ? undefined : 'permitted-other-addressee';
}
