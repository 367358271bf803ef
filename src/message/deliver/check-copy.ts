/**
 * `sender`'s own look at a private copy before it leaves (P5): the keyholder's signed permission, the reader as of
 * now, and bytes that can only be ciphertext for that reader. Pure; the first thing that is not so is returned as
 * the reason the row is held.
 */

import type { Alignment, OutboxContent, OutboxRow, Permit, ReaderRow } from '../ports.ts';
import { canonicalBody, canonicalOutboxRow, canonicalReader, permitDigestLength } from '../seal/canonical.ts';
import { checkEnvelope, type EnvelopeFault } from './check-copy-envelope.ts';
import { checkPackets, type PacketFault } from './check-copy-packets.ts';
import { readTail, type TailReading } from './check-copy-tail.ts';

export type PermitFault = 'permit-missing' | 'permit-forged' | 'row-not-permitted' | 'body-not-permitted';
export type ReaderFault =
  | 'reader-missing'
  | 'reader-forged'
  | 'reader-not-active'
  | 'reader-moved'
  | 'reader-key-not-current';
export type CopyFault =
  | PermitFault
  | ReaderFault
  | EnvelopeFault
  | PacketFault
  | 'body-missing'
  | 'checksum-malformed';

export type BodyParts = Readonly<{ envelopeHead: Uint8Array; tail: Uint8Array; envelopeEnd: Uint8Array }>;

/** One alignment of a body, read once for all its readers. */
export type ReadBody = Readonly<{
  parts: BodyParts;
  digest: Uint8Array;
  envelopeFault: EnvelopeFault | undefined;
  tail: TailReading;
}>;

/** A permit, its signature checked once for all its rows. */
export type ReadPermit = Readonly<{ permit: Permit; genuine: boolean }>;

export type CheckTools = Readonly<{
  /** Whether the keyholder signed these bytes. */
  verify: (bytes: Uint8Array, signature: Uint8Array) => boolean;
  sha256: (bytes: Uint8Array) => Uint8Array;
}>;

export type CopyContent = OutboxContent & { kind: 'copy' };

export function readBody(
  body: BodyParts & Readonly<{ id: string; alignment: Alignment }>,
  tools: CheckTools,
): ReadBody {
  return {
    parts: { envelopeHead: body.envelopeHead, tail: body.tail, envelopeEnd: body.envelopeEnd },
    digest: tools.sha256(canonicalBody(body, tools.sha256)),
    envelopeFault: checkEnvelope(body.envelopeHead, body.envelopeEnd),
    tail: readTail(body.tail),
  };
}

export function readPermit(permit: Permit, tools: CheckTools): ReadPermit {
  return { permit, genuine: tools.verify(permit.document, permit.signature) };
}

/** One copy, and what `sender` found for it. */
type FoundCopy = Readonly<{
  row: OutboxRow;
  content: CopyContent;
  permit: ReadPermit | undefined;
  reader: ReaderRow | undefined;
  body: ReadBody | undefined;
}>;

export function checkCopy(copy: FoundCopy, tools: CheckTools): CopyFault | undefined {
  const { row, content, permit, body } = copy;
  const unpermitted = checkPermit(row, permit, tools);
  if (unpermitted) return unpermitted;
  if (!body) return 'body-missing';
  return (
    (permit && names(permit.permit, body.digest) ? undefined : 'body-not-permitted') ??
    checkReader(copy, tools) ??
    body.envelopeFault ??
    checkPackets(content, body.tail) ??
    // RFC 9580 §6.1: `=` and four digits.
    (/^=[A-Za-z0-9+/]{4}$/.test(content.checksum) ? undefined : 'checksum-malformed')
  );
}

/** For notices and copies alike: no row leaves without the keyholder's word. */
export function checkPermit(
  row: OutboxRow,
  read: ReadPermit | undefined,
  tools: CheckTools,
): PermitFault | undefined {
  if (!read || read.permit.id !== row.permitId) return 'permit-missing';
  if (!read.genuine) return 'permit-forged';
  return names(read.permit, tools.sha256(canonicalOutboxRow(row))) ? undefined : 'row-not-permitted';
}

/** The reader as of now, and the keys that this copy is for. */
export function checkReader(
  { row, content, reader }: Pick<FoundCopy, 'row' | 'content' | 'reader'>,
  tools: Pick<CheckTools, 'verify'>,
): ReaderFault | undefined {
  if (!reader || reader.id !== content.readerId) return 'reader-missing';
  if (!tools.verify(canonicalReader(reader), reader.signature)) return 'reader-forged';
  if (reader.standing !== 'active') return 'reader-not-active';
  if (reader.address !== row.recipient) return 'reader-moved';
  return content.keyIds.every((id) => reader.encryptionKeyIds.includes(id))
    ? undefined
    : 'reader-key-not-current';
}

function names(permit: Permit, digest: Uint8Array): boolean {
  const { document } = permit;
  if (document.length % permitDigestLength !== 0) return false;
  for (let at = 0; at < document.length; at += permitDigestLength) {
    if (digest.every((byte, index) => document[at + index] === byte)) return true;
  }
  return false;
}
