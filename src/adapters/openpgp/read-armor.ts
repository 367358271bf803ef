/**
 * Reads armour (RFC 9580 §6) the way mail mangles it: leading blanks, odd or broken armour headers, no blank line, no
 * checksum, a missing end. The checksum is not looked at (RFC 9580 §6.1): integrity comes from MDC, AEAD or signature.
 */

export type ArmorBlock = Readonly<{
  /** `MESSAGE`, `PUBLIC KEY BLOCK`, `PRIVATE KEY BLOCK`, `SIGNATURE`, … */
  type: string;
  bytes: Uint8Array;
}>;

/** Nobody sends more in one piece; each block costs a search through the text. */
const maximumBlocks = 256;

/** Real armour has at most four; a long list of them would only be read again and again. */
const maximumHeaderLines = 32;

/** `PUBLIC KEY BLOCK-----` has 21. A line of a million dashes, looked at again from each of them, never ended. */
const longestType = 64;

const beginMark = '-----BEGIN PGP ';
const endMark = '-----END PGP ';

/** Every block in the text, in order; the `SIGNED MESSAGE` mark of cleartext signatures is passed over. */
export function readArmorBlocks(bytes: Uint8Array): readonly ArmorBlock[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const blocks: ArmorBlock[] = [];
  let from = 0;
  while (blocks.length < maximumBlocks) {
    const begin = text.indexOf(beginMark, from);
    if (begin < 0) break;
    const lineEnd = endOfLine(text, begin);
    const start = begin + beginMark.length;
    const type = text
      .slice(start, Math.min(lineEnd, start + longestType))
      .trimEnd()
      .replace(/-+$/, '');
    from = lineEnd;
    if (type === 'SIGNED MESSAGE') continue;
    const end = text.indexOf(endMark, lineEnd);
    const stop = end < 0 ? text.length : end;
    blocks.push({ type, bytes: decode(text.slice(startOfData(text, lineEnd, stop), stop)) });
    from = stop;
  }
  return blocks;
}

/** Binary packets begin with a byte above 127, which no armour does (RFC 9580 §4.2). */
export function isBinary(bytes: Uint8Array): boolean {
  return (bytes[0] ?? 0) >= 0x80;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end + 1;
}

function startOfData(text: string, afterBegin: number, stop: number): number {
  let at = afterBegin;
  for (let line = 0; line < maximumHeaderLines && at < stop; line++) {
    const end = Math.min(endOfLine(text, at), stop);
    const content = text.slice(at, end).trim();
    if (content === '') {
      // A blank line ends the headers; one before the first header was put there by some mail program.
      if (line > 0 || !isHeader(text.slice(end, Math.min(endOfLine(text, end), stop)))) return end;
    } else if (isData(content)) {
      return at;
    }
    at = end;
  }
  return afterBegin;
}

function isData(line: string): boolean {
  return /^[A-Za-z0-9+/]+=*$/.test(line);
}

function isHeader(line: string): boolean {
  return /^\s*[A-Za-z][A-Za-z-]*:/.test(line);
}

function decode(data: string): Uint8Array {
  const checksum = data.search(/^[ \t]*=[A-Za-z0-9+/]{4}[ \t\r]*$/m);
  return Buffer.from(checksum < 0 ? data : data.slice(0, checksum), 'base64');
}
