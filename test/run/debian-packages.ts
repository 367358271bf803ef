/** The Debian packages whose programs the tests talk to, installed if we may, named if not (B4). */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram, say } from './program.ts';

type Needed = Readonly<{ program: string; debianPackage: string; why: string }>;

const needed: readonly Needed[] = [
  { program: 'gpg', debianPackage: 'gnupg', why: 'reporters and members who are not us' },
  { program: 'neomutt', debianPackage: 'neomutt', why: 'a mail program that reads our copies' },
  { program: 'notmuch', debianPackage: 'notmuch', why: 'another one' },
  { program: 'tmux', debianPackage: 'tmux', why: 'the screen that neomutt shows them on' },
  { program: 'systemd-analyze', debianPackage: 'systemd', why: 'a judge of the units in contrib/systemd' },
];

/** True when all are there, now or already. */
export async function bringDebianPackages(): Promise<boolean> {
  const missing = needed.filter(({ program }) => !inPath(program));
  if (missing.length === 0) return true;
  const names = missing.map((one) => one.debianPackage);
  const install = ['install', '--yes', '--no-install-recommends', ...names];
  for (const { debianPackage, why } of missing)
    say(`The tests need the Debian package ${debianPackage}: ${why}.`);
  if (process.getuid?.() !== 0 || !inPath('apt-get')) {
    say(`Please run this once, then start again:\n  sudo apt-get ${install.join(' ')}`);
    return false;
  }
  say(`Installing: apt-get ${install.join(' ')}`);
  if ((await apt(install)) === 0) return true;
  say("Not found like this; reading the distribution's list of packages first: apt-get update");
  await apt(['update']);
  if ((await apt(install)) === 0) return true;
  say(`They could not be installed. Its words are above; this is the command: apt-get ${install.join(' ')}`);
  return false;
}

function apt(args: readonly string[]): Promise<number> {
  return runProgram('apt-get', ['-q', ...args], { DEBIAN_FRONTEND: 'noninteractive' });
}

function inPath(program: string): boolean {
  // Where Debian keeps a server's programs, which not every user's PATH names.
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin'];
  return folders.some((folder) => folder !== '' && existsSync(join(folder, program)));
}
