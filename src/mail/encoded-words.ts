import { joinBytes } from './bytes.ts';
import { decodeText, fromLatin1 } from './charset.ts';
import { decodeBase64, decodeQuotedPrintable } from './transfer-encoding.ts';

type Word = Readonly<{ charset: string; bytes: Uint8Array }>;

/**
 * Decodes RFC 2047 encoded words, also where the rules forbid them (inside quotes, glued to other text), since mail
 * programs write them so. Neighbours in one charset are joined before decoding: a character may be split between them.
 * Control characters become blanks: a decoded line break must never start a header or a line of ours.
 */
export function decodeWords(text: string): string {
  if (!text.includes('=?')) return withoutControls(text);
  const pattern = /=\?([^?\s*]{1,64})(?:\*[^?\s]{0,32})?\?([bq])\?([^?\s]*(?: [^?\s]*)*)\?=/gi;
  const pieces: (string | Word)[] = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    const between = text.slice(from, match.index);
    // RFC 2047 §6.2: white space between two encoded words is not shown.
    if (!(from > 0 && between.trim() === '')) pieces.push(between);
    pieces.push({
      charset: (match[1] ?? '').toLowerCase(),
      bytes: wordBytes(match[2] ?? '', match[3] ?? ''),
    });
    from = match.index + match[0].length;
  }
  pieces.push(text.slice(from));
  return withoutControls(joinWords(pieces));
}

function wordBytes(encoding: string, content: string): Uint8Array {
  if (encoding.toLowerCase() === 'b') return decodeBase64(fromLatin1(content));
  return decodeQuotedPrintable(fromLatin1(content.replace(/_/g, '=20')));
}

function joinWords(pieces: readonly (string | Word)[]): string {
  let out = '';
  let open: { charset: string; parts: Uint8Array[] } | undefined;
  const close = () => {
    if (open) out += decodeText(joinBytes(...open.parts), open.charset);
    open = undefined;
  };
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      close();
      out += piece;
    } else if (open?.charset === piece.charset) open.parts.push(piece.bytes);
    else {
      close();
      open = { charset: piece.charset, parts: [piece.bytes] };
    }
  }
  close();
  return out;
}

function withoutControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out here
  return text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029]+/g, ' ');
}
