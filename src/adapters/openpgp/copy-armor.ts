/**
 * The armour of a copy (RFC 9580 §6), made in two pieces: the reader's head and the tail that all readers share. A base64
 * quantum is three bytes, so the shared body can begin in three places; the head takes the 0, 1 or 2 bytes it needs from
 * the body, and the tail exists in these three alignments. The short line at the seam is legal. base64 has no dot: every
 * line is safe for SMTP as it is (M8).
 */
import type { Alignment } from '../../message/ports.ts';
import { crc24, crc24Join, crc24Part, crc24Shift } from './crc24.ts';

/** RFC 9580 §6: at most 76; 64 is what every program writes. */
const lineLength = 64;
const carriageReturn = 0x0d;
const lineFeed = 0x0a;

/** What joining a head to a body needs to know of the body. */
export type Seam = Readonly<{
  /** Its first two bytes (fewer when it is shorter), which heads borrow. */
  start: Uint8Array;
  /** Its checksum from 0, and what its length does to the checksum before it. */
  checksumPart: number;
  checksumShift: number;
}>;

export function seamOf(body: Uint8Array): Seam {
  return {
    start: body.slice(0, 2),
    checksumPart: crc24Part(body),
    checksumShift: crc24Shift(body.length),
  };
}

export type Tails = readonly [Uint8Array, Uint8Array, Uint8Array];

export function armorTails(body: Uint8Array): Tails {
  return [armorLines(body), armorLines(body.subarray(1)), armorLines(body.subarray(2))];
}

/** base64 in lines of 64, each ended by CRLF; nothing for no bytes. */
export function armorLines(bytes: Uint8Array): Uint8Array {
  const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
  const armored = Buffer.allocUnsafeSlow(base64.length + 2 * Math.ceil(base64.length / lineLength));
  armored.write(base64, 0, 'latin1');
  // From the last line to the first within the same buffer: each moves behind those before it, and nothing is copied twice.
  let to = armored.length;
  let end = base64.length;
  while (end > 0) {
    const start = end - (end % lineLength || lineLength);
    armored[--to] = lineFeed;
    armored[--to] = carriageReturn;
    to -= end - start;
    armored.copyWithin(to, start, end);
    end = start;
  }
  return armored;
}

/** The other way, for tails only: what `armorLines` wrote. */
export function unarmorLines(armored: Uint8Array): Uint8Array {
  const text = Buffer.from(armored.buffer, armored.byteOffset, armored.length).toString('latin1');
  return Buffer.from(text, 'base64');
}

/** Joins one reader's packets to a body: the head's lines, which tail follows, and the checksum line of the whole. */
export function joinHead(
  packets: Uint8Array,
  seam: Seam,
): Readonly<{ head: Uint8Array; alignment: Alignment; checksum: string }> {
  const alignment = alignmentAfter(packets.length);
  const head = new Uint8Array(packets.length + alignment);
  head.set(packets);
  head.set(seam.start.subarray(0, alignment), packets.length);
  const checksum = crc24Join(crc24(packets), seam.checksumPart, seam.checksumShift);
  return { head: armorLines(head), alignment, checksum: checksumLine(checksum) };
}

/** RFC 9580 §6.1. Always written: GnuPG 2.2 fails on some copies without it (TECH). */
export function checksumLine(checksum: number): string {
  const bytes = Uint8Array.of(checksum >> 16, (checksum >> 8) & 0xff, checksum & 0xff);
  return `=${Buffer.from(bytes).toString('base64')}`;
}

function alignmentAfter(length: number): Alignment {
  switch (length % 3) {
    case 1:
      return 2;
    case 2:
      return 1;
    default:
      return 0;
  }
}
