import { decodeText, fromLatin1 } from './charset.ts';
import { decodeWords } from './encoded-words.ts';

/** A header value with parameters: Content-Type (RFC 2045 §5) or Content-Disposition (RFC 2183), decoded. */
export type ContentHeader = Readonly<{
  /** Lower case: `text/plain`, `attachment`. */
  value: string;
  /** Names in lower case; RFC 2231 pieces joined and decoded; the first of a repeated name counts. */
  parameters: ReadonlyMap<string, string>;
}>;

/** Each is kept in a map; thousands of them would make every look-up's cost the sender's choice. */
const maximumParameters = 100;

export function readContentHeader(text: string): ContentHeader {
  const [first = '', ...rest] = splitAtSemicolons(text);
  const raw = new Map<string, string>();
  for (const piece of rest.slice(0, maximumParameters)) {
    const equals = piece.indexOf('=');
    if (equals < 1) continue;
    const name = piece.slice(0, equals).trim().toLowerCase();
    if (!raw.has(name)) raw.set(name, unquote(piece.slice(equals + 1).trim()));
  }
  return { value: first.replace(/\s+/g, '').toLowerCase(), parameters: joinContinuations(raw) };
}

/** Splits at semicolons that stand outside quotes and comments (RFC 822 comments are dropped). */
function splitAtSemicolons(text: string): readonly string[] {
  const pieces: string[] = [];
  let current = '';
  let quoted = false;
  let comment = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '\\' && (quoted || comment > 0)) {
      if (comment === 0) current += character + (text[at + 1] ?? '');
      at += 1;
    } else if (comment === 0 && character === '"') {
      quoted = !quoted;
      current += character;
    } else if (!quoted && character === '(') comment += 1;
    else if (!quoted && character === ')' && comment > 0) comment -= 1;
    else if (comment > 0) continue;
    else if (!quoted && character === ';') {
      pieces.push(current);
      current = '';
    } else current += character;
  }
  pieces.push(current);
  return pieces;
}

function unquote(text: string): string {
  if (!text.startsWith('"')) return text;
  const end = text.length > 1 && text.endsWith('"') ? text.length - 1 : text.length;
  return text.slice(1, end).replace(/\\(.)/g, '$1');
}

/** RFC 2231 §3, §4: `name*0*=utf-8''…; name*1=…`. Encoded words in plain values are wrong and common. */
function joinContinuations(raw: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const joined = new Map<string, string>();
  for (const [key, value] of raw) {
    const [name = key, second, third] = key.split('*');
    if (second === undefined) {
      // A boundary is compared byte for byte; one that looks like an encoded word is still only a boundary.
      if (!joined.has(name)) joined.set(name, name === 'boundary' ? value : decodeWords(value));
    } else if (second === '') joined.set(name, decodeExtended(value));
    else if (second === '0') joined.set(name, joinPieces(raw, name, value, third === ''));
  }
  return joined;
}

function joinPieces(
  raw: ReadonlyMap<string, string>,
  name: string,
  first: string,
  extended: boolean,
): string {
  const [charset, start] = extended ? splitCharset(first) : [undefined, first];
  let bytes = extended ? percentDecoded(start) : utf8(start);
  for (let index = 1; index < maximumParameters; index += 1) {
    const encoded = raw.get(`${name}*${index}*`);
    const plain = raw.get(`${name}*${index}`);
    if (encoded === undefined && plain === undefined) break;
    bytes += encoded === undefined ? utf8(plain ?? '') : percentDecoded(encoded);
  }
  return decodeText(fromLatin1(bytes), charset);
}

function decodeExtended(value: string): string {
  const [charset, text] = splitCharset(value);
  return decodeText(fromLatin1(percentDecoded(text)), charset);
}

function splitCharset(value: string): readonly [string | undefined, string] {
  const match = /^([^']*)'[^']*'(.*)$/s.exec(value);
  return match ? [match[1], match[2] ?? ''] : [undefined, value];
}

/** Bytes as Latin-1 characters. */
function percentDecoded(text: string): string {
  return utf8(text).replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function utf8(text: string): string {
  let out = '';
  for (const byte of new TextEncoder().encode(text)) out += String.fromCharCode(byte);
  return out;
}
