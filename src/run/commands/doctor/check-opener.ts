import { readFile, readlink } from 'node:fs/promises';
import type { Configuration } from '../../config/configuration.ts';
import { findSystemUser } from '../../plan-processes.ts';
import { mayFence } from '../../supervisor/network-fence.ts';
import { type Finding, ok, warn } from './check.ts';

const check = 'opener’s network';
const fenced = ok(check, 'none: it reads hostile mail in an empty network namespace');
const open = warn(
  check,
  'the process that reads hostile mail has the machine’s network, as this kernel or unit keeps it from an empty one',
  'allow user namespaces (sysctl user.max_user_namespaces, RestrictNamespaces=user net), or deny its user the network in your firewall',
);
const unknown = warn(check, 'cannot be looked at by this user', 'run doctor as root');

/** P3: the running opener itself is looked at, since a unit's fences bind it and not us. `supervisor`: its process id. */
export async function checkOpener(
  { users }: Configuration,
  supervisor: number | undefined,
): Promise<Finding> {
  if (supervisor !== undefined) return checkRunning(supervisor);
  if (users.mode === 'shared') return mayFence() ? fenced : open;
  if (process.getuid?.() !== 0) return unknown;
  return mayFence(findSystemUser(users.keyholderChild)) ? fenced : open;
}

async function checkRunning(supervisor: number): Promise<Finding> {
  const opener = await openerOf(supervisor);
  const spaces = await Promise.all([opener, supervisor].map(networkOf));
  if (opener === undefined || spaces.includes(undefined)) return unknown;
  return spaces[0] === spaces[1] ? open : fenced;
}

async function openerOf(supervisor: number): Promise<number | undefined> {
  const text = await readFile(`/proc/${supervisor}/task/${supervisor}/children`, 'utf8').catch(() => '');
  for (const pid of text.split(' ').filter(Boolean)) {
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (words.includes('/run/opener.ts')) return Number(pid);
  }
  return undefined;
}

function networkOf(pid: number | undefined): Promise<string | undefined> {
  return readlink(`/proc/${pid}/ns/net`).catch(() => undefined);
}
