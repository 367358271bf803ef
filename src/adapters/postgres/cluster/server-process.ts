import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive } from './postmaster.ts';

/** A PostgreSQL server's process, our child or an adopted one. */
export type ServerProcess = Readonly<{ pid: number; ended: Promise<void>; stop: () => Promise<void> }>;

/** A fast shutdown writes a checkpoint; past this the disk is in trouble and recovery at the next start is the way. */
const fastShutdownPatience = 60_000;

/** An adopted server is nobody's child here, and the kernel tells only parents; looking costs microseconds. */
const adoptedLookInterval = 250;

export function childServer(child: ChildProcess, pid: number): ServerProcess {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return { pid, ended, stop: () => stopServer(pid, ended) };
}

export function watchServer(pid: number): ServerProcess {
  const ended = untilGone(pid);
  return { pid, ended, stop: () => stopServer(pid, ended) };
}

async function untilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await delay(adoptedLookInterval, undefined, { ref: false });
}

/** SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one. */
async function stopServer(pid: number, ended: Promise<void>): Promise<void> {
  signal(pid, 'SIGINT');
  const patience = new AbortController();
  const late = delay(fastShutdownPatience, 'late', { signal: patience.signal }).catch(() => 'stopped');
  const outcome = await Promise.race([ended, late]);
  patience.abort();
  if (outcome === 'late') signal(pid, 'SIGQUIT');
  await ended;
}

function signal(pid: number, name: NodeJS.Signals): void {
  if (isAlive(pid)) process.kill(pid, name);
}
