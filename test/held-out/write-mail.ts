// Writing mail by hand. Text in the making is a "binary string": one character per byte, LF or CRLF;
// `utf8()` and `encodedIn()` make such strings of Unicode text, `raw()` makes the CRLF bytes.

import { createHash } from 'node:crypto';
import type { ExpectedPart } from './expectation.ts';

export const utf8 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

export function bytesOf(binary: string): Buffer {
  for (const character of binary) {
    if ((character.codePointAt(0) ?? 0) > 0xff) throw new Error(`not a byte: ${character}`);
  }
  return Buffer.from(binary, 'latin1');
}

export const crlf = (binary: string): string => binary.replace(/\r?\n/g, '\r\n');
export const raw = (binary: string): Buffer => bytesOf(crlf(binary));
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The exact bytes of an entity and their digest, for an expectation. */
export function entity(binary: string): { entity: Buffer; entitySha256: string } {
  const bytes = raw(binary);
  return { entity: bytes, entitySha256: sha256(bytes) };
}

export const file = (fileName: string, bytes: Uint8Array): ExpectedPart => ({
  fileName,
  sha256: sha256(bytes),
});

/** A text file with LF, which a reader may also see in MIME's CRLF. */
export const textFile = (fileName: string, binary: string): ExpectedPart => ({
  fileName,
  sha256: sha256(bytesOf(binary)),
  sha256AsText: sha256(raw(binary)),
});

export function wrapped(text: string, width: number, lineEnd = '\n'): string {
  return (text.match(new RegExp(`[^]{1,${width}}`, 'g')) ?? []).join(lineEnd);
}

export const base64 = (bytes: Uint8Array, width = 76): string =>
  wrapped(Buffer.from(bytes).toString('base64'), width);

/** RFC 2045 §6.7, with soft breaks. */
export function quotedPrintable(binary: string): string {
  return binary
    .split(/\r?\n/)
    .map((line) => {
      const tokens = [...line].map((character, index) => {
        const code = character.charCodeAt(0);
        const endingBlank = index === line.length - 1 && (code === 0x20 || code === 0x09);
        const plain = (code >= 0x20 && code < 0x7f && code !== 0x3d) || code === 0x09;
        return plain && !endingBlank ? character : `=${code.toString(16).toUpperCase().padStart(2, '0')}`;
      });
      let column = 0;
      return tokens
        .map((token) => {
          const breaks = column + token.length > 75;
          column = breaks ? token.length : column + token.length;
          return breaks ? `=\n${token}` : token;
        })
        .join('');
    })
    .join('\n');
}

/** RFC 2047, one encoded word. */
export const word = (charset: string, binary: string): string =>
  `=?${charset}?B?${bytesOf(binary).toString('base64')}?=`;

/** Unicode text in a charset that Node can only decode: its decoder, turned around. */
export function encodedIn(charset: string, text: string): string {
  const decoder = new TextDecoder(charset);
  const table = new Map<string, string>();
  for (let high = 0x80; high <= 0xff; high++) {
    table.set(decoder.decode(Uint8Array.of(high)), String.fromCharCode(high));
    for (let low = 0x40; charset === 'gb18030' && low <= 0xfe; low++) {
      table.set(decoder.decode(Uint8Array.of(high, low)), String.fromCharCode(high, low));
    }
  }
  return [...text]
    .map((character) => {
      const found = character < '\x80' ? character : table.get(character);
      if (!found) throw new Error(`${charset} has no ${character}`);
      return found;
    })
    .join('');
}

/** Bytes that look like an archive and are the same in every run. */
export function archiveLike(magic: readonly number[], seed: string, length: number): Buffer {
  const blocks: Buffer[] = [Buffer.from(magic)];
  for (let block = 0; block * 32 < length; block++) {
    blocks.push(createHash('sha256').update(`${seed} ${block}`).digest());
  }
  return Buffer.concat(blocks).subarray(0, length);
}

export const XZ_MAGIC = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] as const;
export const PNG_MAGIC = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const;

export interface PgpMime {
  /** The mail's own header, every line ended. */
  readonly header: string;
  /** Armoured. */
  readonly cipher: string;
  readonly boundary: string;
  readonly preamble?: string;
  /** Header lines of the two parts, beyond their Content-Type. */
  readonly controlHeader?: string;
  readonly cipherHeader?: string;
}

/** RFC 3156 §4. */
export function pgpMime(mail: PgpMime): Buffer {
  return raw(`${mail.header}MIME-Version: 1.0
Content-Type: multipart/encrypted; protocol="application/pgp-encrypted";
 boundary="${mail.boundary}"

${mail.preamble ?? ''}
--${mail.boundary}
Content-Type: application/pgp-encrypted
${mail.controlHeader ?? ''}
Version: 1

--${mail.boundary}
${mail.cipherHeader ?? 'Content-Type: application/octet-stream\n'}
${mail.cipher}
--${mail.boundary}--
`);
}

export interface PgpSigned {
  readonly boundary: string;
  /** The signed entity, without the line end that belongs to the boundary. */
  readonly entity: string;
  readonly signature: string;
  /** As it stands in the Content-Type, with its semicolon; RFC 3156 §5. */
  readonly micalg: string;
}

/** A multipart/signed entity: its Content-Type and body. */
export function pgpSigned(signed: PgpSigned): string {
  return `Content-Type: multipart/signed; boundary="${signed.boundary}";
 ${signed.micalg} protocol="application/pgp-signature"

--${signed.boundary}
${signed.entity}
--${signed.boundary}
Content-Type: application/pgp-signature; name="signature.asc"
Content-Description: OpenPGP digital signature

${signed.signature}
--${signed.boundary}--
`;
}
