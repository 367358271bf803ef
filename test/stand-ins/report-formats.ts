/** The shapes that reports come in, written by hand and filled by gpg. Text is latin1 with CRLF: one character a byte. */
import assert from 'node:assert/strict';
import type { FoundedList, Person } from './founded-list.ts';

export const listAddress = 'linux-distros@lists.example.org';
export const crlf = (...lines: readonly string[]): string => lines.map((line) => `${line}\r\n`).join('');
/** UTF-8 in our one-character-a-byte text. */
export const utf8 = (text: string): string => Buffer.from(text).toString('latin1');
export const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

/** An outer header, without its last blank line; the id is how its copies are found again. */
export function head(id: string, from: Person, subject: string, ...more: readonly string[]): string {
  return crlf(
    `From: ${from.name} <${from.address}>`,
    `To: ${listAddress}`,
    `Subject: ${subject}`,
    `Message-ID: <${id}@mail.example>`,
    'Date: Mon, 23 Nov 2026 20:00:00 +0000',
    'MIME-Version: 1.0',
    ...more,
  );
}

/** RFC 3156 §4. */
export function encryptedMail(id: string, from: Person, armour: string, subject = '...'): string {
  return `${head(id, from, subject)}${multipart('encrypted; protocol="application/pgp-encrypted"', [
    crlf('Content-Type: application/pgp-encrypted', '', 'Version: 1'),
    `${crlf('Content-Type: application/octet-stream', '')}${armour.replace(/\r?\n/g, '\r\n')}`,
  ])}`;
}

/** A multipart entity from its Content-Type on. */
export function multipart(subtype: string, parts: readonly string[], more = '', boundary = 'b-0f'): string {
  const written = parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('');
  return `Content-Type: multipart/${subtype};\r\n boundary="${boundary}"${more}\r\n\r\n${written}--${boundary}--\r\n`;
}

export function attachment(name: string, content: Buffer, type = 'application/octet-stream'): string {
  return crlf(
    `Content-Type: ${type}; name="${name}"`,
    'Content-Transfer-Encoding: base64',
    `Content-Disposition: attachment; filename="${name}"`,
    '',
    content.toString('base64').replace(/(.{76})/g, '$1\r\n'),
  );
}

/** RFC 3156 §5: the signed part, and gpg's signature over exactly its bytes. */
export async function signedEntity(list: FoundedList, part: string, signer: Person): Promise<string> {
  const options = ['--armor', '--digest-algo', 'SHA512', '-u', signer.fingerprint, '--detach-sign'];
  const { stdout, code } = await list.gpg.run(options, bytes(part));
  assert.equal(code, 0);
  const signature = `${crlf('Content-Type: application/pgp-signature; name="signature.asc"', '')}${withCrlf(stdout)}`;
  return multipart(
    'signed; micalg=pgp-sha512; protocol="application/pgp-signature"',
    [part, signature],
    '',
    's-1e',
  );
}

/** RFC 9580 §7. */
export async function clearSigned(list: FoundedList, text: string, signer: Person): Promise<string> {
  const { stdout } = await list.gpg.run(['-u', signer.fingerprint, '--clear-sign'], bytes(text));
  return withCrlf(stdout);
}

export function withCrlf(text: Uint8Array): string {
  return Buffer.from(text).toString('latin1').replace(/\r?\n/g, '\r\n');
}
