/** Reports as a researcher's mail program writes them: signed, and encrypted to the list (RFC 3156 §6.2). */
import { randomBytes, randomUUID } from 'node:crypto';
import { createMessage, encrypt, generateKey, type PrivateKey, readKey } from 'openpgp';

export type Reporter = Readonly<{
  address: string;
  /** CRLF, ready for SMTP; `size` is that of the text before it was encrypted. */
  report: (to: string, listKey: string, size: number) => Promise<Uint8Array>;
}>;

export async function makeReporter(): Promise<Reporter> {
  const address = 'robin@researcher.example';
  const { privateKey } = await generateKey({
    type: 'ecc',
    curve: 'ed25519Legacy',
    userIDs: [{ name: 'Robin', email: address }],
    format: 'object',
  });
  return { address, report: (to, listKey, size) => report({ address, privateKey, to, listKey, size }) };
}

async function report(
  from: Readonly<{ address: string; privateKey: PrivateKey; to: string; listKey: string; size: number }>,
): Promise<Uint8Array> {
  const entity = `Content-Type: text/plain; charset=utf-8\r\n\r\nIt overflows.\r\n${incompressible(from.size)}`;
  const armour = await encrypt({
    message: await createMessage({ binary: Buffer.from(entity, 'latin1') }),
    encryptionKeys: await readKey({ armoredKey: from.listKey }),
    signingKeys: from.privateKey,
  });
  const boundary = `=-${randomUUID()}`;
  const lines = [
    `From: Robin <${from.address}>`,
    `To: ${from.to}`,
    'Subject: ...',
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${randomUUID()}@researcher.example>`,
    'MIME-Version: 1.0',
    `Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    'Content-Type: application/pgp-encrypted',
    '',
    'Version: 1',
    '',
    `--${boundary}`,
    'Content-Type: application/octet-stream; name="encrypted.asc"',
    '',
    armour.trim(),
    '',
    `--${boundary}--`,
    '',
  ];
  return Buffer.from(lines.join('\n').replaceAll(/\r?\n/g, '\r\n'), 'latin1');
}

/** Base64 of chance: what a tarball of patches looks like in a mail. */
function incompressible(size: number): string {
  const text = randomBytes(Math.ceil((size * 3) / 4)).toString('base64');
  return text.replaceAll(/.{72}/g, '$&\r\n').slice(0, size);
}
