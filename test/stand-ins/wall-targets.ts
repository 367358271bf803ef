/** Everything of a running installation that another process might reach, as root finds it. */
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { processRoles, roleName } from '../../src/adapters/postgres/names.ts';
import type { Targets } from '../fixtures/walls/targets.ts';
import { descriptorsOf } from './process-facts.ts';
import { type SeparateInstallation, userOf } from './separate-installation.ts';

/** For each attacker the same, but for which process is its own. */
export async function wallTargets(made: SeparateInstallation): Promise<Targets> {
  const { here, server, running, credentials, idsOf } = made;
  const database = Number(
    readFileSync(join(here.data, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0],
  );
  const processes = [
    { name: 'supervisor', pids: [server.pid], own: false },
    ...[...running].map(([entry, pid]) => ({ name: nameOf(entry), pids: [pid], own: false })),
    { name: 'postgres', pids: [database, ...childrenOf(database)], own: false },
  ];
  const pids = processes.flatMap((one) => one.pids);
  const descriptors = await Promise.all(pids.map(async (pid) => [pid, await descriptorsNamed(pid)] as const));
  const data = walk(here.data).map((path) => ({ path, name: shortName(path.slice(here.data.length + 1)) }));
  const given = walk(credentials).map((path) => ({
    path,
    name: `credentials${path.slice(credentials.length)}`,
  }));
  const shared = ownedBy('/dev/shm', idsOf('postgres').uid).map((path) => ({
    path,
    name: '/dev/shm/PostgreSQL',
  }));
  return {
    processes,
    processFiles: readdirSync(`/proc/${server.pid}`).filter((name) =>
      lstatSync(`/proc/${server.pid}/${name}`).isFile(),
    ),
    descriptors: Object.fromEntries(descriptors),
    files: [...data, ...given, ...shared].map((one) => ({ ...one, kind: kindOf(one.path) })),
    ports: [
      { name: 'SMTP', port: here.smtpPort },
      { name: 'HTTP', port: here.sitePort },
      { name: 'monitoring', port: here.monitoringPort },
    ],
    segments: segmentsOf(idsOf('postgres').uid),
    logins: {
      host: join(here.data, 'postgres/run'),
      roles: [...processRoles.map((role) => roleName('embargod_', role)), 'embargod_owner', 'postgres'],
      databases: ['embargod_private', 'embargod_public', 'postgres', 'template1'],
    },
  };
}

export function nameOf(entry: string): string {
  return Object.entries(userOf).find(([name]) => name === entry)?.[1] ?? entry;
}

/** Ports of TCP at which any of these processes listens, and abstract sockets that any of them holds. */
export async function listeningOf(
  pids: readonly number[],
): Promise<Readonly<{ ports: readonly number[]; abstract: readonly string[] }>> {
  const open = new Set(
    (
      await Promise.all(
        // A database's process for one connection may have ended with it.
        pids.map(async (pid) => [...(await descriptorsOf(pid).catch(() => new Map())).values()]),
      )
    ).flat(),
  );
  const lines = (file: string) => readFileSync(`/proc/net/${file}`, 'utf8').trim().split('\n').slice(1);
  const fields = ['tcp', 'tcp6'].flatMap(lines).map((line) => line.trim().split(/\s+/));
  // State 0A is LISTEN; the tenth field is the inode, the second the address, port in hexadecimal (proc(5)).
  const listening = fields.filter((one) => one[3] === '0A' && open.has(`socket:[${one[9]}]`));
  const unix = lines('unix').map((line) => line.trim().split(/\s+/));
  const abstract = unix.filter((one) => one[7]?.startsWith('@') === true && open.has(`socket:[${one[6]}]`));
  return {
    ports: listening.map((one) => Number.parseInt(one[1]?.split(':').at(-1) ?? '', 16)),
    abstract: abstract.map((one) => one[7] ?? ''),
  };
}

/** Files that a user of ours has left where all may go. */
export function ownedBy(folder: string, ...uids: readonly number[]): readonly string[] {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => uids.includes(lstatSync(path, { throwIfNoEntry: false })?.uid ?? -1));
}

function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

async function descriptorsNamed(pid: number): Promise<readonly string[]> {
  return [...(await descriptorsOf(pid)).keys()].map(String);
}

function walk(root: string): readonly string[] {
  const below = readdirSync(root, { recursive: true, withFileTypes: true });
  return [root, ...below.map((entry) => join(entry.parentPath, entry.name))];
}

/** A thousand files of PostgreSQL are one name; each is tried. */
function shortName(path: string): string {
  if (/^postgres\/data($|\/)/.test(path)) return 'postgres/data';
  return path === '' ? 'the data directory' : path;
}

function kindOf(path: string): 'file' | 'folder' | 'socket' {
  const found = lstatSync(path);
  return found.isDirectory() ? 'folder' : found.isSocket() ? 'socket' : 'file';
}

function segmentsOf(uid: number): readonly number[] {
  const lines = readFileSync('/proc/sysvipc/shm', 'utf8').trim().split('\n').slice(1);
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => Number(fields[7]) === uid)
    .map((fields) => Number(fields[1]));
}
