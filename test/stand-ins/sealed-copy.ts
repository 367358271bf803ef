/**
 * A private copy as the keyholder leaves it in the outbox, with real framing and armour but made-up ciphertext: for
 * tests of `sender`, which never opens one.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { armorTails, joinHead, seamOf } from '../../src/adapters/openpgp/copy-armor.ts';
import { packetTag, writePacket } from '../../src/adapters/openpgp/packets.ts';
import type { Address } from '../../src/mail/address.ts';
import { joinBytes } from '../../src/mail/bytes.ts';
import type { MessageId } from '../../src/mail/letter-head.ts';
import { wrapOutside } from '../../src/message/copy/outer-header.ts';
import type { DueRow } from '../../src/message/deliver/deliver.ts';
import type { Alignment, OutboxContent, Permit, ReaderRow } from '../../src/message/ports.ts';
import type { Instant } from '../../src/time/instant.ts';
import type { KeyholderWord } from './keyholder-word.ts';

export type StandInBody = Readonly<{
  id: string;
  envelopeHead: Uint8Array;
  tails: readonly [Uint8Array, Uint8Array, Uint8Array];
  envelopeEnd: Uint8Array;
  packet: Uint8Array;
}>;

export function sealedBody(bytes: number, at: Instant): StandInBody {
  const packet = writePacket(packetTag.integrityProtected, Uint8Array.of(1), randomBytes(bytes));
  const { head, end } = wrapOutside({
    listAddress: 'linux-distros@lists.example' as Address,
    messageId: '<m1@lists.example>' as MessageId,
    outer: {
      fromName: 'Alice via linux-distros',
      replyTo: 'linux-distros+vs-2026-0042@lists.example' as Address,
      subject: 'VS-2026-0042 new',
      inReplyTo: undefined,
      references: ['<original@example.org>' as MessageId],
      notice: false,
    },
    at,
    boundary: 'b1',
  });
  return { id: randomUUID(), envelopeHead: head, tails: armorTails(packet), envelopeEnd: end, packet };
}

/** A session-key packet's framing (RFC 9580 §5.1): version, key id, algorithm, and so many bytes of nothing. */
export function sessionKeyPacket(keyId: string, filler = 45, version = 3): Uint8Array {
  const head = Uint8Array.of(version, ...Buffer.from(keyId, 'hex'), 18);
  return writePacket(packetTag.publicKeySessionKey, head, randomBytes(filler));
}

export type CopyContent = OutboxContent & { kind: 'copy' };

export function copyContent(
  body: StandInBody,
  readerId: string,
  keyIds: readonly string[],
  filler = 45,
): CopyContent {
  return contentOf(body, readerId, keyIds, joinBytes(...keyIds.map((id) => sessionKeyPacket(id, filler))));
}

export function contentOf(
  body: StandInBody,
  readerId: string,
  keyIds: readonly string[],
  packets: Uint8Array,
): CopyContent {
  return { kind: 'copy', bodyId: body.id, readerId, keyIds, ...joinHead(packets, seamOf(body.packet)) };
}

export type StandInOutbox = Readonly<{
  rows: readonly DueRow[];
  permit: Permit;
  readers: readonly ReaderRow[];
  parts: (
    alignment: Alignment,
  ) => Readonly<{ envelopeHead: Uint8Array; tail: Uint8Array; envelopeEnd: Uint8Array }>;
}>;

/** One body for so many readers, permitted by the keyholder. */
export function copiesFor(
  word: KeyholderWord,
  body: StandInBody,
  recipients: readonly string[],
  at: Instant,
): StandInOutbox {
  const readers = recipients.map((recipient) =>
    word.reader({
      id: randomUUID(),
      address: recipient as Address,
      standing: 'active',
      encryptionKeyIds: [randomBytes(8).toString('hex').toUpperCase()],
    }),
  );
  const permitId = randomUUID();
  const rows = readers.map((reader, index) => ({
    id: randomUUID(),
    list: 'linux-distros',
    caseNumber: 'VS-2026-0042',
    recipient: reader.address,
    returnPath: `linux-distros+bounce-${'a'.repeat(26)}@lists.example` as Address,
    state: 'queued' as const,
    permitId,
    content: copyContent(body, reader.id, reader.encryptionKeyIds, 45 + (index % 3)),
    attempts: 0,
    createdAt: at,
  }));
  const parts = (alignment: Alignment) => ({
    envelopeHead: body.envelopeHead,
    tail: body.tails[alignment],
    envelopeEnd: body.envelopeEnd,
  });
  const alignments: readonly Alignment[] = [0, 1, 2];
  const permit = word.permit(
    permitId,
    rows,
    alignments.map((alignment) => ({ ...parts(alignment), id: body.id, alignment })),
  );
  return { rows, permit, readers, parts };
}
