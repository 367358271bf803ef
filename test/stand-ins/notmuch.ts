/** Notmuch over a reader's Maildir, its index made from what it can decrypt. */
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MailReader } from './mail-reader.ts';

/** Runs one of its commands and returns what it prints; fails with its words. */
export type Notmuch = (...args: readonly string[]) => Promise<string>;

export async function startNotmuch(reader: MailReader): Promise<Notmuch> {
  const configuration = join(reader.home, 'notmuch-config');
  const { name, address } = reader.person;
  const lines = [
    '[database]',
    `path=${reader.maildir}`,
    '[user]',
    `name=${name}`,
    `primary_email=${address}`,
  ];
  await writeFile(configuration, [...lines, '[index]', 'decrypt=true', ''].join('\n'));
  const environment = { ...reader.environment, NOTMUCH_CONFIG: configuration };
  const notmuch: Notmuch = (...args) => run(args, environment);
  await notmuch('new');
  return notmuch;
}

function run(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('notmuch', args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const said: string[] = [];
    const complaints: string[] = [];
    child.stdout.setEncoding('utf8').on('data', (text: string) => said.push(text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => complaints.push(text));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(said.join(''));
      else reject(new Error(`notmuch ${args.join(' ')} failed:\n${complaints.join('')}`));
    });
  });
}
