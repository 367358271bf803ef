import PostalMime, { type Attachment, type Email } from 'postal-mime';
import type { Gpg } from './gpg.ts';

export type CopyFile = Readonly<{ name: string; contentType: string; bytes: Uint8Array }>;

/** A mail of the sink as its reader's own GnuPG shows it. */
export type OpenedCopy = Readonly<{
  outerSubject: string;
  from: string;
  date: string;
  encrypted: boolean;
  /** Set when gpg could not decrypt it. */
  trouble: string | undefined;
  signature: Readonly<{ good: boolean; says: string }> | undefined;
  /** The protected header (M2), or the outer one of a mail in clear. */
  subject: string;
  fields: readonly Readonly<{ name: string; value: string }>[];
  text: string;
  files: readonly CopyFile[];
}>;

const shownFields = [
  'from',
  'to',
  'cc',
  'reply-to',
  'date',
  'message-id',
  'in-reply-to',
  'references',
  'list-id',
  'author-signature',
];

/** Opens with real gpg, with the demo's keyring: what a member with a mail program would see. */
export async function openCopy(gpg: Gpg, raw: Uint8Array): Promise<OpenedCopy> {
  const outer = await read(raw);
  const sealed = sealedPart(outer);
  const shared = {
    outerSubject: outer.subject ?? '(no subject)',
    from: outer.headers.find(({ key }) => key === 'from')?.value ?? '',
    date: outer.headers.find(({ key }) => key === 'date')?.value ?? '',
  };
  if (sealed === undefined)
    return { ...shared, encrypted: false, trouble: undefined, signature: undefined, ...contents(outer) };
  const opened = await gpg.run(['--trust-model', 'always', '--decrypt'], sealed);
  if (!opened.status.some((line) => line === 'DECRYPTION_OKAY')) {
    const trouble = opened.stderr.trim().split('\n').at(-1) ?? 'gpg said nothing';
    return {
      ...shared,
      encrypted: true,
      trouble,
      signature: undefined,
      subject: shared.outerSubject,
      fields: [],
      text: '',
      files: [],
    };
  }
  const inner = await read(opened.stdout);
  const found = contents(inner);
  return {
    ...shared,
    encrypted: true,
    trouble: undefined,
    signature: signatureOf(opened.status),
    ...found,
    // A mail without protected headers shows its outer subject, as mail programs do.
    subject: inner.subject === undefined ? shared.outerSubject : found.subject,
  };
}

function read(raw: Uint8Array): Promise<Email> {
  return PostalMime.parse(raw, { attachmentEncoding: 'arraybuffer' });
}

function bytesOf({ content }: Attachment): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content);
}

/** RFC 3156 §4: the second part. */
function sealedPart(mail: Email): Uint8Array | undefined {
  const part = mail.attachments
    .map(bytesOf)
    .find((bytes) => Buffer.from(bytes).includes('-----BEGIN PGP MESSAGE-----'));
  if (part !== undefined) return part;
  return mail.text?.includes('-----BEGIN PGP MESSAGE-----') ? Buffer.from(mail.text) : undefined;
}

function signatureOf(status: readonly string[]): OpenedCopy['signature'] {
  const find = (word: string) => status.find((line) => line.startsWith(`${word} `))?.split(' ');
  const good = find('GOODSIG');
  if (good) return { good: true, says: `Good signature of ${good.slice(2).join(' ')}` };
  const bad = find('BADSIG');
  if (bad) return { good: false, says: `BAD signature that claims to be of ${bad.slice(2).join(' ')}` };
  const unknown = find('ERRSIG');
  if (unknown) return { good: false, says: `Signature by an unknown key ${unknown[1]}` };
  return { good: false, says: 'Not signed' };
}

function contents(mail: Email): Pick<OpenedCopy, 'subject' | 'fields' | 'text' | 'files'> {
  return {
    subject: mail.subject ?? '(no subject)',
    fields: mail.headers
      .filter(({ key }) => shownFields.includes(key))
      .map(({ originalKey, key, value }) => ({ name: originalKey ?? key, value })),
    text: (mail.text ?? '').replaceAll('\r\n', '\n'),
    files: mail.attachments.map((file, index) => ({
      name: file.filename ?? `part-${index + 1}`,
      contentType: file.mimeType,
      bytes: bytesOf(file),
    })),
  };
}
