import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { EndedEarly, type Facts, type Running } from './keep-running.ts';
import { passLog } from './pass-log.ts';
import { commandFor, type ProcessSpec } from './process-spec.ts';
import { readyDescriptor, readyFacts, supervisedVariable } from './ready-line.ts';

/** Long enough to finish what is in a peer's hands; kill -9 is survived by all (I1). */
const stopPatience = 15_000;

const plainEnvironment = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  LANG: 'C.UTF-8',
  TZ: 'UTC',
  // mallopt(3): left alone, glibc raises this to the size of the first mail that it frees, and from then on keeps the
  // memory of every one for the next.
  MALLOC_MMAP_THRESHOLD_: String(1024 * 1024),
} as const;

export type Spawned = Running & Readonly<{ child: ChildProcess }>;

export type SpawnOptions = Readonly<{
  node: string;
  log: (line: string) => void;
  /**
   * What descriptor 3 is. `ready`: the pipe of `ready-line.ts`. `socket`: one whose other end, `child.stdio[3]`, is for
   * another process; the child counts as ready at once.
   */
  third: 'ready' | 'socket';
  /** Node's message channel, for the one process that is handed sockets. */
  channel?: boolean;
}>;

/** Starts one process with nothing of our environment and tells when it is ready and how it ended. */
export async function spawnProcess(spec: ProcessSpec, options: SpawnOptions): Promise<Spawned> {
  const command = commandFor(spec, options.node);
  const terminal = spec.terminal === true && process.stdin.isTTY;
  const child = spawn(command.file, [...command.args], {
    cwd: '/',
    // A session of its own. On a terminal it would share ours, and one that was taken over could write there, or type
    // into an administrator's shell (TIOCSTI). Ctrl-C is ours to pass on, in order.
    detached: true,
    env: {
      ...plainEnvironment,
      ...spec.environment,
      ...(options.third === 'ready' ? { [supervisedVariable]: '1' } : {}),
    },
    stdio: [
      terminal ? 'inherit' : 'ignore',
      'pipe',
      terminal ? 'inherit' : 'pipe',
      'pipe',
      ...(options.channel === true ? ['ipc' as const] : []),
    ],
    ...command.ids,
  });
  const ended = untilEnded(child);
  await once(child, 'spawn');
  passLog(child.stdout, options.log);
  passLog(child.stderr, options.log);
  return {
    child,
    pid: child.pid ?? 0,
    ended,
    ready: options.third === 'ready' ? untilReady(child, ended) : Promise.resolve({}),
    stop: () => stopChild(child, ended),
    reload: () => child.kill('SIGHUP'),
  };
}

function untilEnded(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
}

/** Reads the one line `ready {…}` and no more of what a process, perhaps a conquered one, may write there. */
function untilReady(child: ChildProcess, ended: Promise<string>): Promise<Facts> {
  const pipe = child.stdio[readyDescriptor];
  if (!(pipe instanceof Socket)) throw new Error('A process is spawned with a pipe to say that it is ready.');
  const ready = readyFacts(pipe);
  const early = ended.then((how): never => {
    throw new EndedEarly(`ended before it was ready (${how})`);
  });
  const outcome = Promise.race([ready, early]);
  outcome.catch(() => {});
  return outcome;
}

async function stopChild(child: ChildProcess, ended: Promise<string>): Promise<void> {
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), stopPatience);
  await ended;
  clearTimeout(late);
}
