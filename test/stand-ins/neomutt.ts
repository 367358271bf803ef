/** NeoMutt at a reader's terminal: keys go in, and what stands on the screen is read. */
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MailReader } from './mail-reader.ts';
import { openScreen, type Screen } from './neomutt-screen.ts';

export type Neomutt = Screen &
  Readonly<{
    /** What was given to sendmail last: the addresses of the envelope, and the mail. */
    sent: () => Promise<Readonly<{ to: readonly string[]; raw: string }>>;
  }>;

export async function startNeomutt(reader: MailReader, listAddress: string): Promise<Neomutt> {
  const configuration = join(reader.home, 'neomuttrc');
  await writeFile(configuration, settings(reader, listAddress));
  await writeScript(join(reader.home, 'editor'), 'printf "\\nWe ship it by then.\\n" >> "$1"');
  await writeScript(
    join(reader.home, 'sendmail'),
    'cat > "$HOME/sent.mail"\nprintf "%s\\n" "$@" > "$HOME/sent.arguments"',
  );
  const screen = await openScreen({
    program: ['neomutt', '-n', '-F', configuration, '-f', reader.maildir],
    directory: reader.home,
    environment: reader.environment,
    columns: 80,
    rows: 70,
  });
  return {
    ...screen,
    sent: async () => {
      const given = (await readFile(join(reader.home, 'sent.arguments'), 'utf8')).trim().split('\n');
      const raw = await readFile(join(reader.home, 'sent.mail'), 'utf8');
      return { to: given.filter((word) => word.includes('@')), raw };
    },
  };
}

/** The few lines that docs/mail-programs.md tells a member to write, and what a script needs. */
function settings(reader: MailReader, listAddress: string): string {
  const [local = '', domain = ''] = listAddress.split('@');
  const pattern = `^${local}(\\\\+vs-[0-9-]+(\\\\.team)?)?@${domain.replaceAll('.', '\\\\.')}$`;
  return [
    'set sort=threads',
    'set crypt_use_gpgme crypt_protected_headers_read crypt_protected_headers_write',
    'set crypt_reply_encrypt crypt_reply_sign_encrypted',
    'ignore *',
    'unignore from to subject date',
    `crypt-hook "${pattern}" ${reader.listKey}`,
    'set crypt_confirm_hook=no',
    // The script's.
    `set realname="${reader.person.name}" from="${reader.person.address}"`,
    'set use_from',
    `set pgp_sign_as=${reader.person.fingerprint} pgp_default_key=${reader.person.fingerprint}`,
    `set folder="${reader.maildir}" postponed=""`,
    'set mbox_type=Maildir mark_old=no wait_key=no fast_reply include=no record="" copy=no',
    `set editor="${reader.home}/editor" sendmail="${reader.home}/sendmail" sendmail_wait=0`,
    'set abort_unmodified=no abort_noattach=no',
    '',
  ].join('\n');
}

async function writeScript(path: string, command: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\n${command}\n`);
  await chmod(path, 0o755);
}
