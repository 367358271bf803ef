import type { Mailbox, MessageId } from './letter-head.ts';

/**
 * Writes header fields for mail of ours (RFC 5322 §2.2, RFC 2047): ASCII, lines of at most 78 characters where words
 * allow it, each ended by CRLF. No value can end its own field: CR, LF and NUL are refused.
 */

/** RFC 5322 §2.1.1. */
const preferredLine = 78;
const longestLine = 998;
/** RFC 2047 §2: an encoded word has at most 75 characters; 45 bytes become 60 of base64. */
const bytesPerWord = 45;

/** Somebody tried to put a line break into a field, or a field cannot be written within 998 characters. */
export class HeaderFault extends Error {
  readonly code = 'header-fault';
}

/** `name: value` folded; a value with other than printable ASCII is written as encoded words in UTF-8. */
export function encodeHeader(name: string, value: string): string {
  checkName(name);
  checkValue(name, value);
  return fold(name, needsEncoding(value) ? encodedWords(value) : value.trim().split(/[ \t]+/));
}

/** A list of mailboxes; names are quoted or encoded as they need, addresses never are. */
export function encodeMailboxes(name: string, mailboxes: readonly Mailbox[]): string {
  checkName(name);
  const words = mailboxes.flatMap((mailbox, index) => {
    const comma = index < mailboxes.length - 1 ? ',' : '';
    return [...phrase(name, mailbox.name), `<${mailbox.address}>${comma}`];
  });
  for (const word of words) checkValue(name, word);
  return fold(name, words);
}

/** References or In-Reply-To, one id a line: they may be long, and no program may cut one. */
export function foldReferences(name: 'References' | 'In-Reply-To', ids: readonly MessageId[]): string {
  for (const id of ids) checkValue(name, id);
  const line = `${name}: ${ids.join('\r\n ')}\r\n`;
  return line;
}

function phrase(field: string, name: string | undefined): readonly string[] {
  if (name === undefined || name.trim() === '') return [];
  checkValue(field, name);
  if (needsEncoding(name)) return encodedWords(name);
  if (/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+$/.test(name)) return name.trim().split(/ +/);
  // RFC 5322 §3.2.4: blanks in quotes stay as they are, so it is one word here.
  return [`"${name.replace(/(["\\])/g, '\\$1')}"`];
}

function fold(name: string, words: readonly string[]): string {
  let line = `${name}:`;
  let text = '';
  for (const word of words) {
    if (line.length + 1 + word.length > preferredLine && line.trim() !== '' && !line.endsWith(':')) {
      text += `${line}\r\n`;
      line = '';
    }
    line += ` ${word}`;
    if (line.length > longestLine) throw new HeaderFault(`${name} has a word that no mail line can hold.`);
  }
  return `${text}${line}\r\n`;
}

/** Text that looks like an encoded word is encoded too, so that it is read back as what it was. */
function needsEncoding(text: string): boolean {
  return /[^\x20-\x7e\t]/.test(text) || text.includes('=?') || /\S{900}/.test(text);
}

function encodedWords(text: string): readonly string[] {
  const encoder = new TextEncoder();
  const words: string[] = [];
  let piece = '';
  let size = 0;
  for (const character of text.trim()) {
    const length = encoder.encode(character).length;
    // RFC 2047 §5: no character is split between two words.
    if (size + length > bytesPerWord) {
      words.push(encodedWord(piece));
      piece = '';
      size = 0;
    }
    piece += character;
    size += length;
  }
  if (piece !== '') words.push(encodedWord(piece));
  return words;
}

function encodedWord(text: string): string {
  return `=?UTF-8?B?${btoa(String.fromCharCode(...new TextEncoder().encode(text)))}?=`;
}

function checkName(name: string): void {
  if (!/^[!-9;-~]{1,70}$/.test(name))
    throw new HeaderFault('A header field needs a name of printable ASCII.');
}

function checkValue(name: string, value: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused here
  if (/[\r\n\x00]/.test(value)) throw new HeaderFault(`${name} must not hold a line break or NUL.`);
}
