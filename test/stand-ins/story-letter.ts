/** A letter as a mail program writes it: PGP/MIME where it is sealed (RFC 3156), the subject hidden then. */
import type { FoundedList, Person } from './founded-list.ts';

export type StoryLetter = Readonly<{
  from: Person | string;
  /** Addresses of RCPT and of To. */
  to: string | readonly string[];
  subject: string;
  body: string;
  /** The list to whose key it is encrypted; absent: in clear. */
  seal?: string;
  /** Signs with gpg, inside the encryption. */
  signer?: Person;
  /** Whose public key lies inside (A1). */
  enclose?: Person;
  messageId?: string;
  cc?: readonly string[];
  /** Further outer fields: `In-Reply-To: <…>`. */
  fields?: readonly string[];
  /** Envelope sender; absent: the author. */
  mailFrom?: string;
}>;

export function recipientsOf({ to }: StoryLetter): readonly string[] {
  return typeof to === 'string' ? [to] : to;
}

export function authorsAddress({ from }: StoryLetter): string {
  return typeof from === 'string' ? from : from.address;
}

export async function writeLetter(letter: StoryLetter, list: FoundedList): Promise<string> {
  const { from, subject, fields = [], cc = [], messageId, seal } = letter;
  const head = [
    `From: ${typeof from === 'string' ? from : `${from.name} <${from.address}>`}`,
    `To: ${recipientsOf(letter).join(', ')}`,
    ...(cc.length > 0 ? [`Cc: ${cc.join(', ')}`] : []),
    `Subject: ${seal === undefined ? subject : '...'}`,
    ...(messageId ? [`Message-ID: ${messageId}`] : []),
    ...fields,
    'MIME-Version: 1.0',
  ];
  if (seal === undefined) {
    return [...head, 'Content-Type: text/plain; charset=utf-8', '', letter.body, ''].join('\r\n');
  }
  const armour = await list.sealTo(seal, await inside(letter, list), letter.signer);
  return [
    ...head,
    'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="outer"',
    '',
    '--outer\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n',
    `--outer\r\nContent-Type: application/octet-stream\r\n\r\n${armour}\r\n--outer--`,
    '',
  ].join('\r\n');
}

async function inside({ subject, body, enclose }: StoryLetter, list: FoundedList): Promise<string> {
  const text = `Content-Type: text/plain; charset=utf-8\r\n\r\n${body}\r\n`;
  const header = (type: string) => `Content-Type: ${type}; protected-headers="v1"\r\nSubject: ${subject}\r\n`;
  if (!enclose) return `${header('text/plain; charset=utf-8')}\r\n${body}\r\n`;
  const key = `Content-Type: application/pgp-keys; name="key.asc"\r\n\r\n${await list.publicKey(enclose)}`;
  return `${header('multipart/mixed; boundary="in"')}\r\n--in\r\n${text}\r\n--in\r\n${key}\r\n--in--\r\n`;
}
