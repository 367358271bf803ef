import { randomUUID } from 'node:crypto';
import type { Address } from '../../mail/address.ts';
import { type Gpg, GpgError } from './gpg.ts';

export type Report = Readonly<{
  from: Readonly<{ name: string; address: Address }>;
  to: Address;
  subject: string;
  text: string;
  /** RFC 5322 date. */
  date: string;
}>;

/**
 * A report as PGP/MIME, signed and encrypted by gpg in one go (RFC 3156 §6.2), CRLF, ready for SMTP. Its reporter's key
 * lies inside, as a good mail program puts it there: only then is it pinned, and answers come back sealed (A1).
 */
export async function encryptReport(gpg: Gpg, report: Report): Promise<Buffer> {
  const entity = crlf(await entityWithKey(gpg, report));
  const sealed = await gpg.run(
    [
      '--armor',
      '--trust-model',
      'always',
      '--local-user',
      `<${report.from.address}>`,
      '--recipient',
      `<${report.to}>`,
      '--sign',
      '--encrypt',
    ],
    entity,
  );
  if (sealed.code !== 0)
    throw new GpgError(`gpg could not encrypt the report: ${sealed.stderr.trim().split('\n').at(-1)}`);
  const boundary = `=-${randomUUID()}`;
  const lines = [
    ...head(report),
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
    sealed.stdout.toString('latin1').trim(),
    '',
    `--${boundary}--`,
    '',
  ];
  return Buffer.from(crlf(lines.join('\n')));
}

async function entityWithKey(gpg: Gpg, { from, text }: Report): Promise<string> {
  const own = `<${from.address}>`;
  const key = await gpg.run(['--armor', '--export-options', 'export-minimal', '--export', own]);
  const boundary = `=-${randomUUID()}`;
  return [
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    text,
    '',
    `--${boundary}`,
    'Content-Type: application/pgp-keys; name="key.asc"',
    'Content-Disposition: attachment; filename="key.asc"',
    '',
    key.stdout.toString('latin1').trim(),
    '',
    `--${boundary}--`,
    '',
  ].join('\n');
}

/** The same in clear, as careless people write it. */
export function clearReport(report: Report): Buffer {
  return Buffer.from(
    crlf(
      [
        ...head(report),
        'Content-Type: text/plain; charset=utf-8',
        'Content-Transfer-Encoding: 8bit',
        '',
        report.text,
        '',
      ].join('\n'),
    ),
  );
}

function head({ from, to, subject, date }: Report): string[] {
  return [
    `From: ${from.name} <${from.address}>`,
    `To: ${to}`,
    `Subject: ${subject}`,
    `Date: ${date}`,
    `Message-ID: <${randomUUID()}@${from.address.split('@')[1]}>`,
    'MIME-Version: 1.0',
  ];
}

function crlf(text: string): string {
  return text.replaceAll(/\r?\n/g, '\r\n');
}
