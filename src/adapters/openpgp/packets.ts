/** Packet framing (RFC 9580 §4): just enough to take a hostile message apart before anything costly looks at it. */
import { joinBytes } from '../../mail/bytes.ts';

export const packetTag = {
  publicKeySessionKey: 1,
  signature: 2,
  symmetricSessionKey: 3,
  onePassSignature: 4,
  secretKey: 5,
  publicKey: 6,
  secretSubkey: 7,
  compressed: 8,
  symmetricallyEncrypted: 9,
  marker: 10,
  literal: 11,
  trust: 12,
  userId: 13,
  publicSubkey: 14,
  integrityProtected: 18,
  aeadEncrypted: 20,
  padding: 21,
} as const;

export type Packet = Readonly<{
  tag: number;
  /** The packet with its header, as it stood. */
  raw: Uint8Array;
  /** Its content; undefined when it came in pieces (partial lengths), which only data packets may. */
  body: Uint8Array | undefined;
}>;

/** RFC 9580 §4.2.1.4: no other packet may come in pieces. */
const dataPackets: readonly number[] = [
  packetTag.compressed,
  packetTag.symmetricallyEncrypted,
  packetTag.literal,
  packetTag.integrityProtected,
  packetTag.aeadEncrypted,
];

/** RFC 9580 §4.2.1.4 lets pieces be one byte: a 25 MB message of such pieces would only burn time. */
const maximumPieces = 100_000;

/** Reads one packet; undefined when the bytes are none, or end too soon. */
export function readPacket(bytes: Uint8Array, start: number): Packet | undefined {
  const first = bytes[start];
  if (first === undefined || (first & 0x80) === 0) return undefined;
  const length = (first & 0x40) !== 0 ? newLength(bytes, start + 1) : oldLength(bytes, start + 1, first & 3);
  if (length === undefined) return undefined;
  const tag = (first & 0x40) !== 0 ? first & 0x3f : (first >> 2) & 0x0f;
  if (length.pieces && !dataPackets.includes(tag)) return undefined;
  const raw = bytes.subarray(start, length.end);
  return { tag, raw, body: length.pieces ? undefined : bytes.subarray(length.bodyStart, length.end) };
}

/** Packets one after the other, at most `limit`. `complete` is false when bytes were left over. */
export function readPackets(
  bytes: Uint8Array,
  limit: number,
): Readonly<{ packets: readonly Packet[]; complete: boolean }> {
  const packets: Packet[] = [];
  let offset = 0;
  while (offset < bytes.length && packets.length < limit) {
    const packet = readPacket(bytes, offset);
    if (packet === undefined) break;
    packets.push(packet);
    offset += packet.raw.length;
  }
  return { packets, complete: offset === bytes.length };
}

/** A packet's content, its pieces joined: however somebody frames it anew, this stays the same (K1). */
export function packetContent({ raw, body }: Packet): Uint8Array {
  if (body) return body;
  const pieces: Uint8Array[] = [];
  let at = 1;
  // RFC 9580 §4.2.1.4: pieces of powers of two, then one of any length; `readPacket` has counted them.
  for (let first = raw[at] ?? 0; first >= 224 && first < 255; first = raw[at] ?? 0) {
    const end = at + 1 + 2 ** (first & 0x1f);
    pieces.push(raw.subarray(at + 1, end));
    at = end;
  }
  const last = newLength(raw, at);
  return joinBytes(...pieces, raw.subarray(last?.bodyStart ?? raw.length));
}

type Length = Readonly<{ bodyStart: number; end: number; pieces: boolean }>;

function oldLength(bytes: Uint8Array, at: number, type: number): Length | undefined {
  // RFC 9580 §4.2.2: type 3 has no length, it runs to the end.
  if (type === 3) return { bodyStart: at, end: bytes.length, pieces: false };
  const width = 1 << type;
  if (at + width > bytes.length) return undefined;
  let length = 0;
  for (let i = 0; i < width; i++) length = length * 256 + (bytes[at + i] ?? 0);
  return within(bytes, at + width, length, false);
}

function newLength(bytes: Uint8Array, start: number): Length | undefined {
  let at = start;
  for (let pieces = 0; pieces < maximumPieces; pieces++) {
    const first = bytes[at];
    if (first === undefined) return undefined;
    if (first < 192) return within(bytes, at + 1, first, pieces > 0);
    if (first < 224) {
      return within(bytes, at + 2, ((first - 192) << 8) + (bytes[at + 1] ?? 0) + 192, pieces > 0);
    }
    if (first === 255) {
      if (at + 5 > bytes.length) return undefined;
      const length = new DataView(bytes.buffer, bytes.byteOffset + at + 1, 4).getUint32(0);
      return within(bytes, at + 5, length, pieces > 0);
    }
    at += 1 + 2 ** (first & 0x1f);
  }
  return undefined;
}

function within(bytes: Uint8Array, bodyStart: number, length: number, pieces: boolean): Length | undefined {
  const end = bodyStart + length;
  return end > bytes.length ? undefined : { bodyStart, end, pieces };
}

/** Header of a new-format packet of known length (RFC 9580 §4.2.1). */
export function packetHeader(tag: number, length: number): Uint8Array {
  if (length < 192) return Uint8Array.of(0xc0 | tag, length);
  if (length < 8384) {
    return Uint8Array.of(0xc0 | tag, ((length - 192) >> 8) + 192, (length - 192) & 0xff);
  }
  return Uint8Array.of(
    0xc0 | tag,
    255,
    length >>> 24,
    (length >> 16) & 0xff,
    (length >> 8) & 0xff,
    length & 0xff,
  );
}

export function writePacket(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return joinBytes(packetHeader(tag, length), ...parts);
}

/** A multiprecision integer (RFC 9580 §3.2): bit count, then the number without leading zeros. */
export function writeMpi(number: Uint8Array): Uint8Array {
  let start = 0;
  while (start < number.length && number[start] === 0) start++;
  const digits = number.subarray(start);
  const bits = digits.length === 0 ? 0 : digits.length * 8 - Math.clz32(digits[0] ?? 0) + 24;
  return joinBytes(Uint8Array.of(bits >> 8, bits & 0xff), digits);
}

export function readMpi(
  bytes: Uint8Array,
  at: number,
): Readonly<{ number: Uint8Array; end: number }> | undefined {
  if (at + 2 > bytes.length) return undefined;
  const end = at + 2 + ((((bytes[at] ?? 0) << 8) + (bytes[at + 1] ?? 0) + 7) >> 3);
  return end > bytes.length ? undefined : { number: bytes.subarray(at + 2, end), end };
}
