/**
 * Reads the shared tail of a body once per alignment (P5): nothing but base64 lines, as RFC 9580 §6 wants them, so
 * that no clear text can stand in it. Copies to a thousand readers then check only their own head and the seam.
 */
export type TailReading =
  | Readonly<{
      kind: 'base64';
      /** How many bytes it decodes to. */
      decodedLength: number;
      /** The first of them: what a packet's header needs. */
      start: Uint8Array;
    }>
  | Readonly<{ kind: 'faulty' }>;

/** RFC 9580 §6: longer lines would be no armour, and a place to hide words in. */
const longestLine = 76;
/** A new-format packet header has at most 6 bytes (RFC 9580 §4.2.1), the version is one more. */
const startLength = 9;

const carriageReturn = 0x0d;
const lineFeed = 0x0a;
const padding = 0x3d;

/** Value of each base64 digit, 64 for every other byte. */
const digitValues = makeDigitValues();

export function readTail(tail: Uint8Array): TailReading {
  let digits = 0;
  let pads = 0;
  let line = 0;
  for (let at = 0; at < tail.length; at += 1) {
    const byte = tail[at] ?? 0;
    if (byte === carriageReturn) {
      at += 1;
      if (tail[at] !== lineFeed || line === 0 || line > longestLine) return { kind: 'faulty' };
      line = 0;
      continue;
    }
    line += 1;
    if (byte === padding) pads += 1;
    else if (pads > 0 || (digitValues[byte] ?? 64) > 63) return { kind: 'faulty' };
    else digits += 1;
  }
  if (line !== 0 || pads > 2 || (digits + pads) % 4 !== 0 || digits === 0) return { kind: 'faulty' };
  const start = decodeBase64Lines(tail.subarray(0, 2 * startLength));
  return { kind: 'base64', decodedLength: ((digits + pads) / 4) * 3 - pads, start };
}

/** Decodes base64 and skips line ends; stops at padding. Only for what was found to be base64, or is checked after. */
export function decodeBase64Lines(lines: Uint8Array): Uint8Array {
  const decoded = new Uint8Array(Math.floor((lines.length * 3) / 4));
  let length = 0;
  let bits = 0;
  let buffer = 0;
  for (const byte of lines) {
    const value = digitValues[byte] ?? 64;
    if (value > 63) continue;
    buffer = ((buffer << 6) | value) & 0xffffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    decoded[length] = (buffer >> bits) & 0xff;
    length += 1;
  }
  return decoded.subarray(0, length);
}

function makeDigitValues(): Uint8Array {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const values = new Uint8Array(256).fill(64);
  for (let value = 0; value < digits.length; value += 1) values[digits.charCodeAt(value)] = value;
  return values;
}
