/**
 * The program as an operator runs it: real processes, started by its command line, ended by their id. For what only
 * processes can show: signals, exit codes, users, kill -9.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { logLines } from './log-lines.ts';

const main = fileURLToPath(new URL('../../src/run/main.ts', import.meta.url));
const bin = fileURLToPath(new URL('../../bin/embargod', import.meta.url));
/** As bin/embargod starts a server. */
const flags = [
  '--max-semi-space-size=2',
  `--import=${new URL('../../bin/load-stripped.mjs', import.meta.url).href}`,
];

/** `launcher`: words before the program, such as `setpriv … --`. */
export type How = Readonly<{
  environment?: Readonly<Record<string, string>>;
  launcher?: readonly string[];
  /** By `bin/embargod`, as a unit starts it; else the program behind it. */
  fromClone?: boolean;
}>;
export type Ran = Readonly<{ code: number | null; stdout: string; stderr: string }>;

/** One command, to its end. Nothing of the test's own environment reaches it. */
export async function embargod(args: readonly string[], how: How = {}): Promise<Ran> {
  const child = launch(args, how);
  const chunks: Record<'stdout' | 'stderr', string> = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      chunks[name] += text;
    });
  }
  const [code] = await once(child, 'close');
  return { code, ...chunks };
}

export type Started = Readonly<{
  pid: number;
  /** Everything it has written so far, a line each. */
  lines: readonly string[];
  /** The first line that matches, past or coming. */
  line: (pattern: RegExp, from?: number) => Promise<Readonly<{ text: string; next: number }>>;
  /** To it alone, or to its whole group as a terminal's Ctrl-C. */
  signal: (signal: NodeJS.Signals, whom?: 'itself' | 'group') => void;
  ended: Promise<number | null>;
  /** SIGTERM, and its exit code. */
  stop: () => Promise<number | null>;
}>;

/** A command that stays, in a process group of its own. */
export function startEmbargod(args: readonly string[], how: How = {}): Started {
  const child = launch(args, how, true);
  const { pid } = child;
  if (pid === undefined) throw new Error('It could not be started.');
  const { lines, log, line } = logLines();
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream?.setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) log('it', part);
    });
  }
  const ended = once(child, 'close').then(([code]): number | null => {
    log('it', `ended ${code}`);
    return code;
  });
  const waitFor: Started['line'] = async (pattern, from) => {
    const found = await Promise.race([line(pattern, from), ended.then(() => undefined)]);
    if (found) return found;
    throw new Error(`It ended before it said ${pattern}:\n${lines.join('\n')}`);
  };
  return {
    pid,
    lines,
    line: waitFor,
    signal: (signal, whom = 'itself') => void process.kill(whom === 'group' ? -pid : pid, signal),
    ended,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) process.kill(pid, 'SIGTERM');
      return ended;
    },
  };
}

function launch(args: readonly string[], how: How, detached = false): ChildProcess {
  const { environment = {}, launcher = [], fromClone = false } = how;
  const program = fromClone ? [bin] : [...flags, main];
  // A test run that is killed ends its servers too.
  const withUs = ['/usr/bin/setpriv', '--pdeathsig', 'SIGTERM', '--'];
  const [file = '', ...words] = [...withUs, ...launcher, process.execPath, ...program, ...args];
  return spawn(file, words, {
    cwd: '/',
    env: { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached,
  });
}

/** Ports that were free a moment ago, all different. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Open to walk through, as PostgreSQL and the processes may run as other users. */
export async function openDirectory(): Promise<Readonly<{ path: string; remove: () => Promise<void> }>> {
  const path = await mkdtemp(join(tmpdir(), 'em-'));
  await chmod(path, 0o755);
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
