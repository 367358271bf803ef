/**
 * The cleartext signature framework (RFC 9580 §7), read by ourselves so that the text handed on is exactly the text that
 * was verified: nothing before the blank line, between blocks or after the signature can pass as signed.
 */
import type { SignatureVerdict } from '../../message/open/opened.ts';
import type { Checking } from '../../message/open/opening-tools.ts';
import { verifyDetached } from './verify-detached.ts';

const beginMark = '-----BEGIN PGP SIGNED MESSAGE-----';
const signatureMark = '-----BEGIN PGP SIGNATURE-----';
const endMark = '-----END PGP SIGNATURE-----';

/** §7.1 allows `Hash` only, older programs wrote the others; anything else there is an attempt to look signed. */
const headerPattern = /^(Hash|Charset|Comment|Version): /;

/** Real ones have one or two. */
const maximumHeaders = 16;

export async function verifyCleartext(
  task: Checking & Readonly<{ text: string }>,
): Promise<Readonly<{ text: string; signature: SignatureVerdict }> | undefined> {
  const parts = takeApart(task.text);
  if (parts === undefined) return undefined;
  const { text, signatureBlock } = parts;
  const signature = new TextEncoder().encode(signatureBlock);
  const asUtf8 = await verifyDetached({ ...task, signedBytes: new TextEncoder().encode(text), signature });
  // Signed as ISO 8859-1 by an old mail program: the bytes signed were others than UTF-8 would give.
  const latin = Buffer.from(text, 'latin1');
  const mayBeLatin = /[\x80-\xff]/.test(text) && latin.toString('latin1') === text;
  if (asUtf8.kind !== 'invalid' || !mayBeLatin) return { text, signature: asUtf8 };
  const asLatin = await verifyDetached({ ...task, signedBytes: latin, signature });
  return { text, signature: asLatin.kind === 'valid' ? asLatin : asUtf8 };
}

function takeApart(whole: string): Readonly<{ text: string; signatureBlock: string }> | undefined {
  const lines = whole.split('\n').map((line) => line.replace(/[ \t\r]+$/, ''));
  const begin = lines.indexOf(beginMark);
  if (begin < 0) return undefined;
  const start = lines.indexOf('', begin);
  const headers = lines.slice(begin + 1, start);
  if (start < 0 || headers.length > maximumHeaders) return undefined;
  if (!headers.every((line) => headerPattern.test(line))) return undefined;
  const signature = lines.indexOf(signatureMark, start);
  const end = lines.indexOf(endMark, signature);
  if (signature < 0 || end < 0) return undefined;
  const signed = lines.slice(start + 1, signature);
  return {
    // §7.1: dash escapes off, trailing blanks not covered, CRLF between lines and none after the last.
    text: signed.map((line) => (line.startsWith('- ') ? line.slice(2) : line)).join('\r\n'),
    signatureBlock: lines.slice(signature, end + 1).join('\n'),
  };
}
