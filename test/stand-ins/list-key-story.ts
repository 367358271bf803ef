/** What stories about lists' keys are told with: which keys there are, and mail to one of them by its fingerprint. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Person } from './founded-list.ts';
import { listDomain, type RunningList } from './running-list.ts';
import type { Story } from './story.ts';

/** Fingerprints of the certificates that `list key` prints, in their order; gpg knows them afterwards. */
export async function fingerprintsOf(story: Story, list: string): Promise<readonly string[]> {
  const printed = await story.order({ kind: 'list-key', name: list });
  const armour = printed.text.join('\n');
  const shown = await story.gpg.run(['--with-colons', '--show-keys'], armour);
  await story.gpg.importKey(armour);
  const lines = Buffer.from(shown.stdout).toString().split('\n');
  return lines.flatMap((line, i) =>
    line.startsWith('fpr:') && lines[i - 1]?.startsWith('pub:') ? [line.split(':')[9] ?? ''] : [],
  );
}

/** Names of the files of a list's mail keys. */
export async function mailKeyFiles(
  { directory }: Pick<RunningList, 'directory'>,
  list = 'linux-distros',
): Promise<readonly string[]> {
  const names = await readdir(join(directory, 'keyholder', 'lists', list));
  return names.filter((name) => name.startsWith('mail-')).sort();
}

/** The armoured key that a notice has attached. */
export function attachedKey(text: string): string {
  const [, base64 = ''] =
    /Content-Type: application\/pgp-keys[\s\S]*?\r?\n\r?\n([A-Za-z0-9+/=\s]+)/.exec(text) ?? [];
  return Buffer.from(base64, 'base64').toString();
}

export type KeyedLetter = Readonly<{
  from: Person;
  subject: string;
  body: string;
  to?: string;
  enclose?: Person;
}>;

/** A mail that is signed by its author and encrypted to one key, by fingerprint; everything that follows from it. */
export async function writeTo(story: Story, fingerprint: string, letter: KeyedLetter): Promise<void> {
  const { from, subject, body, to = `linux-distros@${listDomain}`, enclose } = letter;
  const text = `Content-Type: text/plain; charset=utf-8\r\n\r\n${body}\r\n`;
  const key = enclose ? await story.publicKey(enclose) : '';
  const enclosed = `\r\n--in\r\nContent-Type: application/pgp-keys; name="key.asc"\r\n\r\n${key}`;
  const inside = `Content-Type: multipart/mixed; boundary="in"; protected-headers="v1"\r\nSubject: ${subject}\r\n\r\n--in\r\n${text}${enclose ? enclosed : ''}\r\n--in--\r\n`;
  const options = ['--armor', '--ignore-time-conflict', '--sign', '-u', from.fingerprint];
  const armour = Buffer.from(await story.gpg.encrypt(inside, [fingerprint], options)).toString();
  await story.post({
    from,
    to,
    subject: '...',
    body: armour,
  });
  await story.settle();
}
