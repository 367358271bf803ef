/** Mail in clear as the keyholder leaves it for `sender`, with a stand-in for sealing: every bit turned. */
import { randomUUID } from 'node:crypto';
import type { MessageId } from '../../src/mail/letter-head.ts';
import type { DueRow } from '../../src/message/deliver/deliver.ts';
import type { PermittedContent } from '../../src/message/deliver/open-permitted.ts';
import type { SealedToSender } from '../../src/message/ports.ts';
import type { Instant } from '../../src/time/instant.ts';
import { address } from './community.ts';

const mark = 0x53;

export function sealStandIn(mail: Uint8Array): SealedToSender {
  return Uint8Array.from([mark, ...mail.map((byte) => byte ^ 0xff)]) as Uint8Array as SealedToSender;
}

export function openStandIn(sealed: Uint8Array): Uint8Array {
  if (sealed[0] !== mark) throw new Error('sealed to somebody else');
  return sealed.subarray(1).map((byte) => byte ^ 0xff);
}

export const permittedId = '<relayed@lists.example>' as MessageId;

export function permittedMail(
  changes: Readonly<{ to?: string; id?: string; body?: string }> = {},
): Uint8Array {
  const { to = 'ann@reporter.example', id = permittedId, body = 'Thank you, Ann.\r\n.dotted\r\n' } = changes;
  return Buffer.from(
    `From: "Alice via linux-distros" <linux-distros@lists.example>\r\nTo: <${to}>\r\nMessage-ID: ${id}\r\n\r\n${body}`,
  );
}

export function permittedRow(
  createdAt: Instant,
  changes: Partial<DueRow> = {},
): DueRow & { content: PermittedContent } {
  return {
    id: randomUUID(),
    list: 'linux-distros',
    caseNumber: 'VS-2026-0042',
    recipient: address('ann@reporter.example'),
    returnPath: address(`linux-distros+bounce-${'a'.repeat(26)}@lists.example`),
    state: 'queued',
    permitId: 'in-clear',
    attempts: 0,
    createdAt,
    ...changes,
    content: { kind: 'permitted', messageId: permittedId, sealed: sealStandIn(permittedMail()) },
  };
}
