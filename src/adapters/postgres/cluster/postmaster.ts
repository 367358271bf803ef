import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type DatabaseUser, runAs } from './database-user.ts';

/** A running PostgreSQL as its own `postmaster.pid` describes it. */
export type Postmaster = Readonly<{ pid: number; socketDirectory: string }>;

/** The one that serves this data directory now, perhaps left over from our kill -9; undefined when none runs. */
export async function runningPostmaster(
  directory: string,
  user: DatabaseUser,
): Promise<Postmaster | undefined> {
  const data = join(directory, 'data');
  const text = await readPidFile(join(data, 'postmaster.pid'), user);
  // Lines: pid, data directory, start time, port, socket directory, listen address, shared memory, status.
  const [pidLine = '', , , , socketDirectory = ''] = text.split('\n');
  const pid = Number(pidLine);
  if (!Number.isSafeInteger(pid) || pid < 2 || socketDirectory === '') return undefined;
  return (await servesData(pid, data)) ? { pid, socketDirectory } : undefined;
}

async function readPidFile(path: string, user: DatabaseUser): Promise<string> {
  // Under the supervisor's few capabilities root cannot read another user's 0700 folder; that user can.
  if (user.uid !== undefined) return (await runAs(user, '/bin/cat', [path])).stdout;
  return await readFile(path, 'utf8').catch(() => '');
}

/** A pid file outlives a power cut and its pid may be anyone's by now: the command line must be PostgreSQL's on our data. */
async function servesData(pid: number, data: string): Promise<boolean> {
  const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
  if (words.includes(data) && words[0]?.endsWith('postgres') === true) return true;
  return (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === data;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
