import { joinBytes } from './bytes.ts';

const carriageReturn = 0x0d;
const lineFeed = 0x0a;
const dot = 0x2e;
/** RFC 5321 §4.5.3.1.6, without the CRLF: a server may cut or refuse what is longer. */
const longestLine = 998;

/** Whether bytes can travel as they are over any SMTP (RFC 5321 §2.3.8, RFC 5322 §2.3): ASCII in short lines, CRLF, no NUL. */
export function isWireSafe(bytes: Uint8Array): boolean {
  let lineStart = 0;
  // By index: `entries()` makes an array for each byte, which was an eighth of what the keyholder did for a large mail.
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === 0 || byte > 0x7f) return false;
    if (byte === carriageReturn && bytes[at + 1] !== lineFeed) return false;
    if (byte !== lineFeed) continue;
    if (bytes[at - 1] !== carriageReturn || at - 1 - lineStart > longestLine) return false;
    lineStart = at + 1;
  }
  return bytes.length - lineStart <= longestLine;
}

/** RFC 5321 §4.5.2: a line that begins with a dot gets another. `bytes` have CRLF and begin a line. */
export function stuffDots(bytes: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (let at = bytes.indexOf(dot); at >= 0; at = bytes.indexOf(dot, at + 1)) {
    if (at > 0 && bytes[at - 1] !== lineFeed) continue;
    pieces.push(bytes.subarray(from, at), Uint8Array.of(dot));
    from = at;
  }
  return pieces.length === 0 ? bytes : joinBytes(...pieces, bytes.subarray(from));
}
