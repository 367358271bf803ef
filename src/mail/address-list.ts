import { type Address, parseAddress } from './address.ts';
import { decodeWords } from './encoded-words.ts';
import type { Mailbox } from './letter-head.ts';

/** A field of 256 KB could name 50,000 people; each is compared with rosters later. Real ones stay below 500. */
export const maximumMailboxes = 1_000;

type Token =
  | Readonly<{ kind: 'text'; text: string; quoted: boolean }>
  | Readonly<{ kind: 'special'; text: string }>;

/**
 * Reads an address header (RFC 5322 §3.4, obsolete forms §4.4 too): groups give their members, comments a name when
 * there is no other, routes are dropped. What is in quotes is never an address: `"a@b" <c@d>` is c@d, and nobody else.
 * Pieces that hold no readable address are left out.
 */
export function readAddressList(value: string): readonly Mailbox[] {
  const mailboxes: Mailbox[] = [];
  let piece: Token[] = [];
  let comment = '';
  let inAngle = false;
  const finish = () => {
    const mailbox = readMailbox(piece, comment);
    if (mailbox && mailboxes.length < maximumMailboxes) mailboxes.push(mailbox);
    piece = [];
    comment = '';
  };
  for (const token of tokens(value)) {
    if (token.kind === 'comment') comment ||= token.text;
    else if (token.kind === 'special' && token.text === '<') inAngle = true;
    else if (token.kind === 'special' && token.text === '>') inAngle = false;
    if (token.kind === 'comment') continue;
    // RFC 5322 §4.4: inside angle brackets `@a,@b:` is a route, its commas separate nothing.
    if (token.kind === 'special' && !inAngle && (token.text === ',' || token.text === ';')) finish();
    else if (token.kind === 'special' && !inAngle && token.text === ':') piece = [];
    else piece.push(token);
  }
  finish();
  return mailboxes;
}

function* tokens(value: string): Generator<Token | Readonly<{ kind: 'comment'; text: string }>> {
  let at = 0;
  while (at < value.length) {
    const character = value[at] ?? '';
    if (character === '"') {
      const read = readDelimited(value, at, '"');
      yield { kind: 'text', text: read.text, quoted: true };
      at = read.end;
    } else if (character === '(') {
      const read = readDelimited(value, at, ')');
      yield { kind: 'comment', text: read.text };
      at = read.end;
    } else if ('<>,;:'.includes(character)) {
      yield { kind: 'special', text: character };
      at += 1;
    } else {
      const start = at;
      while (at < value.length && !'"(<>,;:'.includes(value[at] ?? '')) at += value[at] === '\\' ? 2 : 1;
      yield { kind: 'text', text: value.slice(start, at), quoted: false };
    }
  }
}

/** A quoted string or a (nesting) comment, its escapes resolved; one that never closes runs to the end. */
function readDelimited(
  value: string,
  start: number,
  close: '"' | ')',
): Readonly<{ text: string; end: number }> {
  let text = '';
  let depth = 1;
  let at = start + 1;
  for (; at < value.length; at += 1) {
    const character = value[at] ?? '';
    if (character === '\\') {
      at += 1;
      text += value[at] ?? '';
      continue;
    }
    if (close === ')' && character === '(') depth += 1;
    if (character === close) depth -= 1;
    if (depth === 0) break;
    text += character;
  }
  return { text, end: Math.min(at + 1, value.length) };
}

function readMailbox(piece: readonly Token[], comment: string): Mailbox | undefined {
  // The last bracket counts: `<a@b> <c@d>` is sent on by most programs as c@d.
  const open = piece.findLastIndex((token) => token.kind === 'special' && token.text === '<');
  if (open < 0) {
    const address = readAddress(piece);
    return address && { name: decodedName(comment), address };
  }
  const close = piece.findIndex(
    (token, index) => index > open && token.kind === 'special' && token.text === '>',
  );
  const address = readAddress(piece.slice(open + 1, close < 0 ? undefined : close));
  const name = piece.slice(0, open).map((token) => (token.kind === 'special' ? '' : token.text));
  return address && { name: decodedName(name.join(' ')) ?? decodedName(comment), address };
}

function readAddress(piece: readonly Token[]): Address | undefined {
  const joined = piece.map((token) => token.text).join('');
  const route = joined.lastIndexOf(':');
  const bare = joined
    .slice(joined.startsWith('@') && route > 0 ? route + 1 : 0)
    .replace(/\s+/g, ' ')
    .replace(/ ?([@.]) ?/g, '$1')
    .trim();
  // A quoted local part may hold an @ or a blank; parseAddress refuses those, as nothing of ours could write to them.
  const quotedAt = piece.some((token) => token.kind === 'text' && token.quoted && token.text.includes('@'));
  return quotedAt ? undefined : parseAddress(bare);
}

function decodedName(text: string): string | undefined {
  const name = decodeWords(text)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^'(.*)'$/, '$1');
  return name === '' ? undefined : name;
}
