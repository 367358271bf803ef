import { asLatin1 } from './charset.ts';
import { endOfLine } from './header-fields.ts';

export type PartRange = Readonly<{ start: number; end: number }>;

const dash = 0x2d;
const lineFeed = 0x0a;

/**
 * Ranges of a multipart's parts (RFC 2046 §5.1.1): each from after its boundary line to before the line end that
 * precedes the next one, as that line end belongs to the boundary (RFC 3156 §5). Without a last boundary the final
 * part runs to the end.
 */
export function findDelimiters(
  raw: Uint8Array,
  within: Readonly<{ start: number; end: number; boundary: string; limit: number }>,
): readonly PartRange[] | 'too-many-parts' {
  const delimiter = new TextEncoder().encode(`--${within.boundary}`);
  const ranges: PartRange[] = [];
  let open: number | undefined;
  let atLineStart = true;
  // Byte by byte: looking for each line's end would make a body of nothing but line ends ten times as slow.
  for (let at = within.start; at < within.end; at += 1) {
    const candidate = atLineStart && raw[at] === dash;
    atLineStart = raw[at] === lineFeed;
    const kind = candidate ? delimiterKind(raw, at, within.end, delimiter) : undefined;
    if (!kind) continue;
    if (open !== undefined) ranges.push({ start: open, end: Math.max(open, beforeLineEnd(raw, at)) });
    if (ranges.length > within.limit) return 'too-many-parts';
    open = kind === 'last' ? undefined : endOfLine(raw, at, within.end);
    // What follows the last boundary is nobody's part; a second set of parts there is a trick to show two mails.
    if (kind === 'last') break;
  }
  if (open !== undefined) ranges.push({ start: open, end: within.end });
  return ranges.length > within.limit ? 'too-many-parts' : ranges;
}

function delimiterKind(
  raw: Uint8Array,
  at: number,
  end: number,
  delimiter: Uint8Array,
): 'next' | 'last' | undefined {
  if (at + delimiter.length > end) return undefined;
  for (let index = 0; index < delimiter.length; index += 1) {
    if (raw[at + index] !== delimiter[index]) return undefined;
  }
  const rest = at + delimiter.length;
  const lineEnd = endOfLine(raw, rest, end);
  // Only blanks may follow, else a longer boundary that begins like this one would be cut.
  const tail = asLatin1(raw.subarray(rest, Math.min(lineEnd, rest + 200))).trimEnd();
  if (tail === '') return 'next';
  return tail === '--' ? 'last' : undefined;
}

function beforeLineEnd(raw: Uint8Array, at: number): number {
  if (raw[at - 1] !== lineFeed) return at;
  return raw[at - 2] === 0x0d ? at - 2 : at - 1;
}
