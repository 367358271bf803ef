/**
 * A posting's text in a page: quotes folded, patches coloured, CVE ids and addresses of the web linked, addresses of
 * people veiled. Every character of it comes from a stranger: all is escaped here, word by word, and nothing else is.
 */

import { type TextBlock, textBlocks } from '../../../publication/archive/text-blocks.ts';
import { escapeText } from '../../html/escape.ts';
import { type Markup, raw } from '../../html/markup.ts';
import { isProseBreak } from './prose-break.ts';

/** A longer quote is folded to its first lines: the posting is what its author wrote. */
const longestQuote = 12;

export function postingText(text: string): Markup {
  return raw(textBlocks(text).map(writeBlock).join(''));
}

function writeBlock({ kind, lines }: TextBlock): string {
  switch (kind) {
    case 'quote':
      return lines.length > longestQuote
        ? folded('quote', `${lines.length} quoted lines`, lines)
        : block('quote', lines);
    case 'armour':
      return folded('armour', 'OpenPGP armour', lines);
    case 'patch':
      // WCAG 2.2 §2.1.1: what scrolls sideways must be reachable with keys, in browsers that do not see to it.
      return `<pre class="patch" tabindex="0">${lines.map(patchLine).join('\n')}\n</pre>`;
    case 'signature':
      return block(kind, lines);
    case 'text':
      return `<pre class="text">${lines.map(writeProse).join('')}\n</pre>`;
  }
}

function block(kind: string, lines: readonly string[]): string {
  return `<pre class="text ${kind}">${writeLines(lines)}\n</pre>`;
}

/** A break that a narrow screen need not keep stands in an element of its own (archive-style.ts). */
function writeProse(line: string, at: number, lines: readonly string[]): string {
  const next = lines[at + 1];
  if (next === undefined) return writeLine(line);
  return `${writeLine(line)}${isProseBreak(line, next) ? '<i>\n</i>' : '\n'}`;
}

function folded(kind: string, summary: string, lines: readonly string[]): string {
  return `<details class="fold"><summary>${summary}</summary>${block(kind, lines)}</details>`;
}

function patchLine(line: string): string {
  const kind = /^(\+\+\+|---|diff |index |Index: )/.test(line)
    ? 'head'
    : line.startsWith('+')
      ? 'add'
      : line.startsWith('-')
        ? 'del'
        : line.startsWith('@@')
          ? 'hunk'
          : undefined;
  const text = escapeText(line);
  return kind === undefined ? text : `<span class="${kind}">${text}</span>`;
}

/** Without one of these no word of a line is more than text, and most lines have none. */
const remarkable = /@|:\/\/|CVE-/i;

function writeLines(lines: readonly string[]): string {
  const text = lines.join('\n');
  return remarkable.test(text) ? lines.map(writeLine).join('\n') : escapeText(text);
}

/** Words that may be more than text; the pieces between them are escaped as they are. */
const word = /[^\s<>"'()[\]{},;]+/g;
/** A word of megabytes is looked at no further: patterns with a tail would go over it again and again. */
const longestWord = 2_000;

export function writeLine(line: string): string {
  if (!remarkable.test(line)) return escapeText(line);
  let out = '';
  let at = 0;
  for (const match of line.matchAll(word)) {
    const written = writeWord(match[0]);
    if (written === undefined) continue;
    out += escapeText(line.slice(at, match.index)) + written;
    at = match.index + match[0].length;
  }
  return out + escapeText(line.slice(at));
}

function writeWord(text: string): string | undefined {
  if (text.length > longestWord) return undefined;
  if (/^https?:\/\/[^/]/i.test(text)) {
    const address = text.replace(/[.:!?*]+$/, '');
    const href = escapeText(address);
    return `<a href="${href}" rel="nofollow noreferrer">${href}</a>${escapeText(text.slice(address.length))}`;
  }
  const cve = /^(.{0,40}?)(CVE-(?:19|20)\d\d-\d{4,19})(?!\d)(.*)$/i.exec(text);
  if (cve) {
    const [, before = '', id = '', after = ''] = cve;
    return `${escapeText(before)}<a href="/cve/${id.toUpperCase()}/">${escapeText(id)}</a>${escapeText(after)}`;
  }
  return text.includes('@') ? escapeText(veilAddress(text)) : undefined;
}

/** `alice@example.org` as `alice@...mple.org`: people can still tell who it is, programs that gather cannot write to it. */
export function veilAddress(text: string): string {
  return text.replace(/@[^\s@.]{1,3}(?=[^\s@]*\.[^\s@.])/g, '@...');
}
