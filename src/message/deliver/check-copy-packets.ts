import { decodeBase64Lines, readTail, type TailReading } from './check-copy-tail.ts';

/**
 * Checks the packets of one copy (RFC 9580 §5.1, §5.13): session-key packets of version 3, one for each key the row
 * names and no other, then one encrypted body that reaches to the end. Only the reader's head is decoded.
 */
export type PacketFault =
  | 'head-not-base64'
  | 'symmetric-packet'
  | 'wildcard-key'
  | 'key-not-named'
  | 'key-missing'
  | 'unexpected-packet'
  | 'body-unframed';

/** Attack: a head of megabytes. RSA-4096 takes 524 bytes a key, and nobody has a hundred encryption keys. */
const maximumHead = 64 * 1024;
const sessionKeyTag = 1;
const symmetricTag = 3;
const bodyTag = 18;
const wildcard = '0000000000000000';

export function checkPackets(
  copy: Readonly<{ head: Uint8Array; alignment: number; keyIds: readonly string[] }>,
  tail: TailReading,
): PacketFault | undefined {
  if (tail.kind === 'faulty' || copy.head.length > maximumHead) return 'body-unframed';
  const reading = readTail(copy.head);
  if (reading.kind === 'faulty') return 'head-not-base64';
  const bytes = decodeBase64Lines(copy.head);
  // Padding within the armour would end it there for some readers.
  if (reading.decodedLength !== bytes.length || bytes.length % 3 !== 0) return 'head-not-base64';
  const unseen = new Set(copy.keyIds);
  const packetsEnd = bytes.length - copy.alignment;
  let offset = 0;
  while (offset < packetsEnd) {
    const packet = sessionKeyPacket(bytes.subarray(offset, packetsEnd));
    if (packet.kind === 'fault') return packet.fault;
    if (packet.keyId === wildcard) return 'wildcard-key';
    if (!unseen.delete(packet.keyId)) return 'key-not-named';
    offset += packet.length;
  }
  if (unseen.size > 0 || copy.keyIds.length === 0) return 'key-missing';
  return bodyReachesEnd(bytes.subarray(packetsEnd), tail) ? undefined : 'body-unframed';
}

type SessionKeyPacket =
  | Readonly<{ kind: 'packet'; keyId: string; length: number }>
  | Readonly<{ kind: 'fault'; fault: PacketFault }>;

function sessionKeyPacket(bytes: Uint8Array): SessionKeyPacket {
  const framed = readFrame(bytes);
  if (!framed) return { kind: 'fault', fault: 'unexpected-packet' };
  if (framed.tag === symmetricTag) return { kind: 'fault', fault: 'symmetric-packet' };
  const end = framed.bodyStart + framed.bodyLength;
  // RFC 9580 §5.1.1: version 3, then eight octets of the key's id.
  if (framed.tag !== sessionKeyTag || end > bytes.length || framed.bodyLength < 10) {
    return { kind: 'fault', fault: 'unexpected-packet' };
  }
  if (bytes[framed.bodyStart] !== 3) return { kind: 'fault', fault: 'unexpected-packet' };
  const id = bytes.subarray(framed.bodyStart + 1, framed.bodyStart + 9);
  const keyId = Array.from(id, (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
  return { kind: 'packet', keyId, length: end };
}

/** Whether seam and tail are one SEIPD packet (version 1 or 2) and nothing after it. */
function bodyReachesEnd(seam: Uint8Array, tail: TailReading & { kind: 'base64' }): boolean {
  const start = new Uint8Array(seam.length + tail.start.length);
  start.set(seam);
  start.set(tail.start, seam.length);
  const framed = readFrame(start);
  if (framed?.tag !== bodyTag) return false;
  const version = start[framed.bodyStart];
  return (
    (version === 1 || version === 2) &&
    framed.bodyStart + framed.bodyLength === seam.length + tail.decodedLength
  );
}

/**
 * A packet's header (RFC 9580 §4.2) in the new format with a definite length, which is all that we ever write:
 * partial lengths and old formats would only be ways to say one thing in two ways.
 */
function readFrame(
  bytes: Uint8Array,
): Readonly<{ tag: number; bodyStart: number; bodyLength: number }> | undefined {
  const [first = 0, one = 0, two = 0, three = 0, four = 0, five = 0] = bytes;
  if ((first & 0xc0) !== 0xc0 || bytes.length < 2) return undefined;
  const tag = first & 0x3f;
  if (one < 192) return { tag, bodyStart: 2, bodyLength: one };
  if (one < 224 && bytes.length >= 3) {
    return { tag, bodyStart: 3, bodyLength: ((one - 192) << 8) + two + 192 };
  }
  if (one !== 255 || bytes.length < 6) return undefined;
  return { tag, bodyStart: 6, bodyLength: ((two << 24) | (three << 16) | (four << 8) | five) >>> 0 };
}
