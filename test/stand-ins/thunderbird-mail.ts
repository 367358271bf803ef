/** Mail as Thunderbird 115 and later write it: signed and encrypted in one, `...` outside, the real header inside. */
import type { FoundedList, Person } from './founded-list.ts';

export type ThunderbirdMail = Readonly<{
  author: Person;
  /** As the To field shows it; the envelope is the test's. */
  to: string;
  cc?: string;
  subject: string;
  /** Text as it was typed. */
  text: string;
  messageId: string;
  date: Date;
  /** The ids before it, oldest first. */
  references?: readonly string[];
  /** Whom it is encrypted to, as gpg finds their keys. */
  readers: readonly string[];
}>;

/** The mail, encrypted and signed by gpg; the key is there in both forms that Thunderbird adds. */
export async function thunderbirdMail(mail: ThunderbirdMail, list: FoundedList): Promise<string> {
  const certificate = await list.publicKey(mail.author);
  const signing = ['--armor', '--sign', '-u', mail.author.fingerprint];
  const armour = await list.gpg.encrypt(protectedPayload(mail, certificate), mail.readers, signing);
  return [
    `Message-ID: ${mail.messageId}`,
    `Date: ${mail.date.toUTCString().replace('GMT', '+0000')}`,
    'MIME-Version: 1.0',
    'User-Agent: Mozilla Thunderbird',
    'Content-Language: en-US',
    ...people(mail),
    ...thread(mail),
    ...autocrypt(mail.author, certificate),
    'Subject: ...',
    'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted";',
    ' boundary="------------1S0a0uYcWbKk0O0fT6PqN1Yd"',
    '',
    'This is an OpenPGP/MIME encrypted message (RFC 4880 and 3156)',
    '--------------1S0a0uYcWbKk0O0fT6PqN1Yd',
    'Content-Type: application/pgp-encrypted',
    'Content-Description: PGP/MIME version identification',
    '',
    'Version: 1',
    '',
    '--------------1S0a0uYcWbKk0O0fT6PqN1Yd',
    'Content-Type: application/octet-stream; name="encrypted.asc"',
    'Content-Description: OpenPGP encrypted message',
    'Content-Disposition: inline; filename="encrypted.asc"',
    '',
    Buffer.from(armour).toString().replace(/\r?\n/g, '\r\n'),
    '--------------1S0a0uYcWbKk0O0fT6PqN1Yd--',
    '',
  ].join('\r\n');
}

function protectedPayload(mail: ThunderbirdMail, certificate: string): string {
  const keyName = `OpenPGP_0x${mail.author.fingerprint.slice(-16)}.asc`;
  return [
    'Content-Type: multipart/mixed; boundary="------------0sbTqVwMlHsq2u5cI8wXzA0v";',
    ' protected-headers="v1"',
    ...people(mail),
    `Message-ID: ${mail.messageId}`,
    `Subject: ${mail.subject}`,
    ...thread(mail),
    '',
    '--------------0sbTqVwMlHsq2u5cI8wXzA0v',
    'Content-Type: multipart/mixed; boundary="------------Z1pJk2LhU8lW3m0Ydq7Bt6Nc"',
    '',
    '--------------Z1pJk2LhU8lW3m0Ydq7Bt6Nc',
    'Content-Type: text/plain; charset=UTF-8; format=flowed',
    'Content-Transfer-Encoding: base64',
    '',
    ...lines(Buffer.from(mail.text.replace(/\r?\n/g, '\r\n'))),
    '',
    '--------------Z1pJk2LhU8lW3m0Ydq7Bt6Nc',
    `Content-Type: application/pgp-keys; name="${keyName}"`,
    `Content-Disposition: attachment; filename="${keyName}"`,
    'Content-Description: OpenPGP public key',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    certificate.replace(/=/g, '=3D').replace(/\r?\n/g, '\r\n'),
    '--------------Z1pJk2LhU8lW3m0Ydq7Bt6Nc--',
    '',
    '--------------0sbTqVwMlHsq2u5cI8wXzA0v--',
    '',
  ].join('\r\n');
}

function people({ author, to, cc }: ThunderbirdMail): readonly string[] {
  return [`From: ${author.name} <${author.address}>`, `To: ${to}`, ...(cc ? [`Cc: ${cc}`] : [])];
}

function thread({ references = [] }: ThunderbirdMail): readonly string[] {
  const parent = references.at(-1);
  return parent ? [`References: ${references.join('\r\n ')}`, `In-Reply-To: ${parent}`] : [];
}

function autocrypt(author: Person, certificate: string): readonly string[] {
  const keydata = certificate.replace(/-----[^-]+-----|\n=[\w+/]{4}\n|\s/g, '');
  return [
    `Autocrypt: addr=${author.address}; keydata=`,
    ...lines(Buffer.from(keydata, 'base64')).map((line) => ` ${line}`),
  ];
}

function lines(bytes: Uint8Array): readonly string[] {
  return (
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,72}/g) ?? []
  );
}
