/**
 * A member's own machine: a home with a Maildir, and a GnuPG home that holds their secret key and the list's public one,
 * which they have signed for themselves. What a mail program shows there, it shows to that member.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FoundedList, Person } from './founded-list.ts';
import { type Gnupg, makeGnupg } from './gnupg.ts';

export type MailReader = Readonly<{
  person: Person;
  home: string;
  maildir: string;
  gpg: Gnupg;
  /** Fingerprint of the list's key. */
  listKey: string;
  /** What their programs run with, and nothing else of ours. */
  environment: Readonly<Record<string, string>>;
  /** Puts mail into the Maildir, as a delivery agent does. */
  receive: (...raw: readonly string[]) => Promise<void>;
  remove: () => Promise<void>;
}>;

export async function mailReader(person: Person, listName: string, list: FoundedList): Promise<MailReader> {
  const home = await mkdtemp(join(tmpdir(), 'home-'));
  const gpg = await makeGnupg();
  const maildir = join(home, 'Maildir');
  for (const folder of ['cur', 'new', 'tmp']) await mkdir(join(maildir, folder), { recursive: true });
  const listKey = await importKeys(gpg, person, listName, list);
  let received = 0;
  return {
    person,
    home,
    maildir,
    gpg,
    listKey,
    environment: {
      PATH: process.env.PATH ?? '',
      HOME: home,
      GNUPGHOME: gpg.home,
      LC_ALL: 'C.UTF-8',
      TZ: 'UTC',
    },
    receive: async (...raw) => {
      for (const mail of raw) {
        received += 1;
        // A Maildir holds mail with the machine's line ends.
        await writeFile(join(maildir, 'new', `${received}.reader`), mail.replaceAll('\r\n', '\n'));
      }
    },
    remove: async () => {
      await gpg.remove();
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function importKeys(gpg: Gnupg, person: Person, listName: string, list: FoundedList): Promise<string> {
  await gpg.importKey(await list.gpg.exportSecret(person.fingerprint));
  const { text } = await list.order({ kind: 'list-key', name: listName });
  await gpg.importKey(text.join('\n'));
  // As a person's gpg is: it trusts their own key, and what that has signed.
  const own = await gpg.run(['--trust-model', 'pgp', '--import-ownertrust'], `${person.fingerprint}:6:\n`);
  if (own.code !== 0) throw new Error(own.stderr);
  const { stdout } = await gpg.run(['--with-colons', '--list-keys', listName]);
  const fingerprint = /^fpr:+([0-9A-F]+):/m.exec(Buffer.from(stdout).toString())?.[1];
  if (fingerprint === undefined) throw new Error(`There is no key of ${listName} in the reader's keyring.`);
  const signed = await gpg.run(['--trust-model', 'pgp', '--quick-lsign-key', fingerprint]);
  if (signed.code !== 0) throw new Error(signed.stderr);
  return fingerprint;
}
