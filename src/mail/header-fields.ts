import { asLatin1, decodeText } from './charset.ts';

/** One header field; offsets count from the start of the bytes given. */
export type HeaderField = Readonly<{
  /** As it stood. */
  name: string;
  lowerName: string;
  start: number;
  /** After the last line end of the field, folded lines included. */
  end: number;
  /** The whole field, name, folding and line end included. */
  bytes: Uint8Array;
  /** Everything after the colon, unfolded (RFC 5322 §2.2.3), outer blanks gone, not yet decoded (RFC 2047). */
  value: string;
}>;

export type Header = Readonly<{
  fields: readonly HeaderField[];
  /** Where the body begins: after the blank line, or at the first line that is no header line. */
  bodyStart: number;
}>;

export type HeaderProblem = 'header-too-large' | 'too-many-fields';

/** Unfolding and decoding copy a header several times: a huge one would multiply in memory. Real ones reach 60 KB. */
export const maximumHeaderBytes = 256 * 1024;
/** Each field costs objects; a flood of `a:` lines would cost a hundred times its size. */
export const maximumHeaderFields = 1_000;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Reads a header block from `start`. Bare LF ends a line as CRLF does: decrypted text often has it. */
export function readHeader(raw: Uint8Array, start: number, end: number): Header | HeaderProblem {
  const fields: HeaderField[] = [];
  let at = skipMailboxLine(raw, start, end);
  while (at < end) {
    const lineEnd = endOfLine(raw, at, end);
    if (isBlankLine(raw, at, lineEnd)) return { fields, bodyStart: lineEnd };
    const colon = nameEnd(raw, at, lineEnd);
    // A body without any header before it, or a header that just stops (RFC 5322 §2.1 wants a blank line).
    if (colon < 0) return { fields, bodyStart: at };
    const fieldEnd = endOfField(raw, lineEnd, end);
    if (fieldEnd - start > maximumHeaderBytes) return 'header-too-large';
    if (fields.length >= maximumHeaderFields) return 'too-many-fields';
    fields.push(makeField(raw, at, colon, fieldEnd));
    at = fieldEnd;
  }
  return { fields, bodyStart: Math.min(at, end) };
}

/** `From ` or `>From ` before the first field is a mailbox file's separator that some archive left there. */
function skipMailboxLine(raw: Uint8Array, start: number, end: number): number {
  const first = asLatin1(raw.subarray(start, Math.min(start + 6, end)));
  if (!first.startsWith('From ') && first !== '>From ') return start;
  const lineEnd = endOfLine(raw, start, end);
  // `From : somebody` is a field (RFC 5322 §4.5): passed over, it would be an author whom no rule sees.
  return nameEnd(raw, start, lineEnd) < 0 ? lineEnd : start;
}

/** Offset after the line's LF, or `end`. */
export function endOfLine(raw: Uint8Array, at: number, end: number): number {
  const found = raw.indexOf(lineFeed, at);
  return found < 0 || found >= end ? end : found + 1;
}

function isBlankLine(raw: Uint8Array, at: number, lineEnd: number): boolean {
  return (
    raw[at] === lineFeed || (raw[at] === carriageReturn && raw[at + 1] === lineFeed && at + 2 === lineEnd)
  );
}

/** Offset of the colon; negative when the line is no field. Blanks before the colon are obsolete syntax (§4.5). */
function nameEnd(raw: Uint8Array, at: number, lineEnd: number): number {
  let here = at;
  while (here < lineEnd && isNameByte(raw[here])) here += 1;
  if (here === at) return -1;
  while (raw[here] === 0x20 || raw[here] === 0x09) here += 1;
  return here < lineEnd && raw[here] === 0x3a ? here : -1;
}

function isNameByte(byte: number | undefined): boolean {
  return byte !== undefined && byte > 0x20 && byte < 0x7f && byte !== 0x3a;
}

function endOfField(raw: Uint8Array, lineEnd: number, end: number): number {
  let at = lineEnd;
  while (at < end && (raw[at] === 0x20 || raw[at] === 0x09)) at = endOfLine(raw, at, end);
  return at;
}

function makeField(raw: Uint8Array, start: number, colon: number, end: number): HeaderField {
  const name = asLatin1(raw.subarray(start, colon)).trimEnd();
  // Headers in raw UTF-8 (RFC 6532) exist with and without SMTPUTF8.
  const value = decodeText(raw.subarray(colon + 1, end), undefined);
  return {
    name,
    lowerName: name.toLowerCase(),
    start,
    end,
    bytes: raw.subarray(start, end),
    value: value.replace(/\r?\n/g, '').trim(),
  };
}

export function fieldValue(fields: readonly HeaderField[], lowerName: string): string | undefined {
  return fields.find((field) => field.lowerName === lowerName)?.value;
}
