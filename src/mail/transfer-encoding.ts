/** Content-Transfer-Encoding (RFC 2045 §6), read as real mail writes it. Never throws; unknown ones pass as they are. */
export type TransferEncoding = 'identity' | 'base64' | 'quoted-printable' | 'uuencode';

export function readTransferEncoding(value: string | undefined): TransferEncoding {
  // A comment or a parameter after the token occurs in real mail and means nothing.
  const token =
    (value ?? '')
      .trim()
      .toLowerCase()
      .split(/[\s;(]/)[0] ?? '';
  if (token === 'base64' || token === 'b') return 'base64';
  if (token === 'quoted-printable' || token === 'q') return 'quoted-printable';
  if (token === 'x-uuencode' || token === 'uuencode' || token === 'x-uue') return 'uuencode';
  return 'identity';
}

export function decodeTransfer(body: Uint8Array, encoding: TransferEncoding): Uint8Array {
  switch (encoding) {
    case 'base64':
      return decodeBase64(body);
    case 'quoted-printable':
      return decodeQuotedPrintable(body);
    // Left as it stands: nobody has sent it for decades, and its text form survives any copy.
    case 'uuencode':
    case 'identity':
      return body;
  }
}

const invalid = 64;
const base64Values = makeBase64Values();

function makeBase64Values(): Uint8Array {
  const values = new Uint8Array(256).fill(invalid);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  for (let at = 0; at < alphabet.length; at += 1) values[alphabet.charCodeAt(at)] = at;
  // The URL alphabet (RFC 4648 §5) appears in broken mail; it cannot be confused with the usual one.
  values['-'.charCodeAt(0)] = 62;
  values['_'.charCodeAt(0)] = 63;
  return values;
}

/** RFC 2045 §6.8: other characters are skipped; padding ends one quantum, and joined pieces go on after it. */
export function decodeBase64(body: Uint8Array): Uint8Array {
  const out = new Uint8Array(Math.ceil((body.length * 3) / 4));
  let length = 0;
  let bits = 0;
  let held = 0;
  for (const byte of body) {
    if (byte === 0x3d) {
      bits = 0;
      held = 0;
      continue;
    }
    const value = base64Values[byte] ?? invalid;
    if (value === invalid) continue;
    held = ((held << 6) | value) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out[length++] = (held >> bits) & 0xff;
    }
  }
  return out.subarray(0, length);
}

/** RFC 2045 §6.7: broken escapes stay as they stand; blanks at a line's end were added in transit and go. */
export function decodeQuotedPrintable(body: Uint8Array): Uint8Array {
  const out = new Uint8Array(body.length);
  let length = 0;
  let at = 0;
  while (at < body.length) {
    const byte = body[at] ?? 0;
    if (byte === 0x20 || byte === 0x09) {
      let after = at;
      while (body[after] === 0x20 || body[after] === 0x09) after += 1;
      const ends = after >= body.length || isLineEnd(body, after) > 0;
      if (!ends) while (at < after) out[length++] = body[at++] ?? 0;
      at = after;
    } else if (byte === 0x3d) {
      const soft = softBreak(body, at + 1);
      if (soft > 0) {
        at = soft;
        continue;
      }
      const high = hexValue(body[at + 1]);
      const low = hexValue(body[at + 2]);
      const escaped = high >= 0 && low >= 0;
      out[length++] = escaped ? high * 16 + low : byte;
      at += escaped ? 3 : 1;
    } else {
      out[length++] = byte;
      at += 1;
    }
  }
  return out.subarray(0, length);
}

function isLineEnd(body: Uint8Array, at: number): number {
  if (body[at] === 0x0a) return 1;
  return body[at] === 0x0d && body[at + 1] === 0x0a ? 2 : 0;
}

/** Where the text goes on after `=` at a line's end; 0 when this is no soft break. */
function softBreak(body: Uint8Array, from: number): number {
  let at = from;
  while (body[at] === 0x20 || body[at] === 0x09) at += 1;
  if (at >= body.length) return at;
  const end = isLineEnd(body, at);
  return end > 0 ? at + end : 0;
}

function hexValue(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const upper = byte & 0xdf;
  return upper >= 0x41 && upper <= 0x46 ? upper - 55 : -1;
}
