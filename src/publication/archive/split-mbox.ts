/**
 * The mails of a mailbox file (RFC 4155), as it streams by: never more than one mail in memory. A mail begins at a line
 * `From SOMEBODY DATE` after a blank line; `From ` that somebody wrote and no program quoted is text, as it has no date.
 * One `>` of `>From `, `>>From ` … is taken off (mboxrd; in mboxo files only a quoted quote differs by that).
 */

import { joinAll, joinBytes } from '../../mail/bytes.ts';
import { asLatin1 } from '../../mail/charset.ts';

export type MailboxItem =
  | Readonly<{ kind: 'mail'; raw: Uint8Array; start: number }>
  /** Too long to be taken; `start` is its offset in the file. */
  | Readonly<{ kind: 'too-large'; start: number }>;

/** A file that is no mailbox at all would otherwise be gathered whole. */
const longestMail = 64 * 1024 * 1024;

const lineFeed = 0x0a;
const separator = /^From \S+.*\b\d\d:\d\d(:\d\d)?\b.*\b(19|20)\d\d\b/;

export async function* splitMbox(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<MailboxItem> {
  let lines: Uint8Array[] = [];
  let size = 0;
  let start = 0;
  let at = 0;
  let blankBefore = true;
  let begun = false;
  for await (const line of linesOf(chunks)) {
    if (blankBefore && isSeparator(line)) {
      if (begun) yield itemOf(lines, size, start);
      [lines, size, start, begun] = [[], 0, at, true];
    } else if (begun) {
      size += line.length;
      if (size <= longestMail) lines.push(unquoted(line));
    }
    at += line.length;
    blankBefore = isBlank(line);
  }
  if (begun) yield itemOf(lines, size, start);
}

function itemOf(lines: readonly Uint8Array[], size: number, start: number): MailboxItem {
  if (size > longestMail) return { kind: 'too-large', start };
  const last = lines.at(-1);
  // The blank line before the next separator belongs to the file, not to the mail.
  return { kind: 'mail', raw: joinAll(last && isBlank(last) ? lines.slice(0, -1) : lines), start };
}

function isSeparator(line: Uint8Array): boolean {
  return line[0] === 0x46 && line[4] === 0x20 && separator.test(asLatin1(line.subarray(0, 200)));
}

function isBlank(line: Uint8Array): boolean {
  return line.at(-1) === lineFeed && (line.length === 1 || (line.length === 2 && line[0] === 0x0d));
}

const quote = 0x3e;

function unquoted(line: Uint8Array): Uint8Array {
  if (line[0] !== quote) return line;
  let depth = 1;
  while (line[depth] === quote) depth += 1;
  return asLatin1(line.subarray(depth, depth + 5)) === 'From ' ? line.subarray(1) : line;
}

/** With their line ends; the last may have none. A line of the size of a whole mail comes in pieces. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array();
  for await (const chunk of chunks) {
    const bytes = rest.length > 0 ? joinBytes(rest, chunk) : chunk;
    let begin = 0;
    for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed, begin)) {
      yield bytes.subarray(begin, end + 1);
      begin = end + 1;
    }
    rest = bytes.subarray(begin);
    if (rest.length > longestLine) {
      yield rest;
      rest = new Uint8Array();
    }
  }
  if (rest.length > 0) yield rest;
}

/** Joining a line again with each chunk would cost the square of its length. */
const longestLine = 1024 * 1024;
