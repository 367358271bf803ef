/** The Debian packages whose programs the tests talk to, installed if we may, named if not (B4). */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram, say } from './program.ts';

type Needed = Readonly<{ program: string; debianPackage: string; why: string; answer?: string }>;

export const forTests: readonly Needed[] = [
  { program: 'gpg', debianPackage: 'gnupg', why: 'reporters and members who are not us' },
  { program: 'neomutt', debianPackage: 'neomutt', why: 'a mail program that reads our copies' },
  { program: 'notmuch', debianPackage: 'notmuch', why: 'another one' },
  { program: 'tmux', debianPackage: 'tmux', why: 'the screen that neomutt shows them on' },
  { program: 'systemd-analyze', debianPackage: 'systemd', why: 'a judge of the units in contrib/systemd' },
  { program: 'chromium', debianPackage: 'chromium', why: 'a browser that reads the pages' },
];

export const postfix: Needed = {
  program: 'smtp-source',
  debianPackage: 'postfix',
  why: 'the mail server that the world sees, or that ours is measured by',
  // Asked of debconf: it then writes no configuration and is not started.
  answer: 'postfix postfix/main_mailer_type select No configuration\n',
};

/** True when all are there, now or already. What it says and runs goes to stderr. */
export async function bringDebianPackages(needed: readonly Needed[]): Promise<boolean> {
  const missing = needed.filter(({ program }) => !inPath(program));
  if (missing.length === 0) return true;
  const names = missing.map((one) => one.debianPackage);
  const install = ['install', '--yes', '--no-install-recommends', ...names];
  for (const { debianPackage, why } of missing) say(`Needed is the Debian package ${debianPackage}: ${why}.`);
  if (process.getuid?.() !== 0 || !inPath('apt-get')) {
    say(`Please run this once, then start again:\n  sudo apt-get ${install.join(' ')}`);
    return false;
  }
  for (const { answer } of missing)
    if (answer) spawnSync('debconf-set-selections', { input: answer, stdio: ['pipe', 'ignore', 'inherit'] });
  say(`Installing: apt-get ${install.join(' ')}`);
  if ((await apt(install)) === 0) return true;
  say("Not found like this; reading the distribution's list of packages first: apt-get update");
  await apt(['update']);
  if ((await apt(install)) === 0) return true;
  say(`They could not be installed. Its words are above; this is the command: apt-get ${install.join(' ')}`);
  return false;
}

function apt(args: readonly string[]): Promise<number> {
  // A bench's stdout is its figures.
  return runProgram('bash', ['-c', 'apt-get -q "$@" >&2', 'apt-get', ...args], {
    DEBIAN_FRONTEND: 'noninteractive',
  });
}

function inPath(program: string): boolean {
  // Where Debian keeps a server's programs, which not every user's PATH names.
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin'];
  return folders.some((folder) => folder !== '' && existsSync(join(folder, program)));
}
