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

/** Whole lines at a time, as the base64 of all of a large body would be another text of its size. */
const bytesAtOnce = 1_024 * 48;

/** base64 in lines of 64, each ended by CRLF; nothing for no bytes. */
export function armorLines(bytes: Uint8Array): Uint8Array {
  const letters = 4 * Math.ceil(bytes.length / 3);
  const armored = Buffer.allocUnsafeSlow(letters + 2 * Math.ceil(letters / lineLength));
  let to = 0;
  for (let from = 0; from < bytes.length; from += bytesAtOnce) {
    to += writeLines(bytes.subarray(from, from + bytesAtOnce), armored.subarray(to));
  }
  return armored;
}

/** Gives how much it wrote. */
function writeLines(bytes: Uint8Array, into: Buffer): number {
  const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
  into.write(base64, 0, 'latin1');
  const length = base64.length + 2 * Math.ceil(base64.length / lineLength);
  // From the last line to the first within the same buffer: each moves behind those before it, and nothing is copied twice.
  let to = length;
  let end = base64.length;
  while (end > 0) {
    const start = end - (end % lineLength || lineLength);
    into[--to] = lineFeed;
    into[--to] = carriageReturn;
    to -= end - start;
    into.copyWithin(to, start, end);
    end = start;
  }
  return length;
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
