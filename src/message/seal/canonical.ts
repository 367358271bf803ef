/**
 * The exact bytes that the keyholder signs about rows, so that `sender` and intake can tell its word from a row that
 * somebody put into the database (P5, A6). Fields are length-prefixed: nothing in one field can pose as another.
 */
import type { DoorRow, OutboxRow, ReaderRow } from '../ports.ts';

const encoder = new TextEncoder();

function canonicalBytes(fields: readonly (string | Uint8Array)[]): Uint8Array {
  const parts = fields.map((field) => (typeof field === 'string' ? encoder.encode(field) : field));
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + 4 + part.length, 0));
  const view = new DataView(joined.buffer);
  let offset = 0;
  for (const part of parts) {
    view.setUint32(offset, part.length);
    joined.set(part, offset + 4);
    offset += 4 + part.length;
  }
  return joined;
}

/** State, attempts and permit are not covered: they change, and never widen who may read. */
export function canonicalOutboxRow(row: Omit<OutboxRow, 'state' | 'permitId'>): Uint8Array {
  const shared = [
    'outbox-row-1',
    row.id,
    row.list,
    row.caseNumber ?? '',
    row.recipient,
    row.returnPath,
    row.content.kind,
  ];
  const { content } = row;
  switch (content.kind) {
    case 'copy':
      return canonicalBytes([
        ...shared,
        content.bodyId,
        content.readerId,
        content.keyIds.join(' '),
        content.head,
        String(content.alignment),
        content.checksum,
      ]);
    case 'notice':
      return canonicalBytes([
        ...shared,
        content.template,
        ...Object.keys(content.parameters)
          .sort()
          .flatMap((name) => [name, content.parameters[name] ?? '']),
      ]);
    case 'permitted':
      return canonicalBytes([...shared, content.messageId, content.sealed]);
  }
}

export function canonicalReader(row: Omit<ReaderRow, 'signature'>): Uint8Array {
  return canonicalBytes(['reader-1', row.id, row.address, row.standing, row.encryptionKeyIds.join(' ')]);
}

export function canonicalDoor(row: Omit<DoorRow, 'signature'>): Uint8Array {
  return canonicalBytes(['door-1', row.list, row.kind, row.epoch, row.storageCertificate]);
}

/** A permit's document: the SHA-256 digests of the canonical bytes of rows and bodies, one after the other. */
export const permitDigestLength = 32;

/** Covers one alignment of a body, by the digests of its three pieces; a permit names all three alignments. */
export function canonicalBody(
  body: Readonly<{
    id: string;
    alignment: number;
    envelopeHead: Uint8Array;
    tail: Uint8Array;
    envelopeEnd: Uint8Array;
  }>,
  sha256: (bytes: Uint8Array) => Uint8Array,
): Uint8Array {
  return canonicalBytes([
    'body-1',
    body.id,
    String(body.alignment),
    sha256(body.envelopeHead),
    sha256(body.tail),
    sha256(body.envelopeEnd),
  ]);
}
