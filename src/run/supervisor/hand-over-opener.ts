/**
 * The keyholder and its rightless opener (P3). The supervisor starts both, gives the keyholder one end of the
 * opener's socket and keeps no copy. Who has the socket may write first only after `opener-is-yours`, and the opener
 * never writes first: until then the supervisor's copy is open, and would swallow bytes it must never see.
 */
import type { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { keepRunning, type Running, type Timer } from './keep-running.ts';
import { kindOf } from './message-kind.ts';
import type { ProcessSpec } from './process-spec.ts';
import { type SpawnOptions, spawnProcess } from './spawn-process.ts';

/** Hostile mail may end one opener after another; the mail behind it does not wait long for that. */
const longestDelay = 2_000;

/** The opener finds its socket here. */
export const openerDescriptor = 3;

export type OpenerMessage = Readonly<{ kind: 'opener' }> | Readonly<{ kind: 'opener-is-yours' }>;

/** All that the keyholder ever says; whatever else it sends is not heard. */
export type KeyholderMessage = Readonly<{ kind: 'opener-hangs' }>;

export type WithOpener = Readonly<{
  keyholder: ProcessSpec;
  opener: ProcessSpec;
  node: string;
  timer: Timer;
  log: (name: string) => (line: string) => void;
}>;

/** Starts a keyholder and keeps an opener for it: one that ends is replaced, and none outlives its keyholder. */
export async function startWithOpener({ keyholder, opener, node, timer, log }: WithOpener): Promise<Running> {
  const holder = await spawnProcess(keyholder, {
    node,
    log: log(keyholder.name),
    third: 'ready',
    channel: true,
  });
  const openerLog = log(opener.name);
  const start = () => startOpener(opener, holder.child, { node, log: openerLog, third: 'socket' });
  const kept = keepRunning({ name: opener.name, start, timer, log: openerLog, longestDelay });
  holder.child.on('message', (message) => {
    const said: KeyholderMessage['kind'] = 'opener-hangs';
    const pid = kept.pid();
    if (kindOf(message) !== said || pid === undefined) return;
    openerLog('does not answer, and is ended');
    process.kill(pid, 'SIGKILL');
  });
  const ended = holder.ended.then(async (how) => {
    await kept.stop();
    return how;
  });
  const ready = Promise.all([holder.ready, kept.started]).then(([facts]) => facts);
  ready.catch(() => {});
  const stop = async () => {
    // It ends with its keyholder's socket, and then has no one to be started for.
    kept.retire();
    await holder.stop();
    await ended;
  };
  return { pid: holder.pid, ready, ended, stop, reload: holder.reload };
}

async function startOpener(spec: ProcessSpec, holder: ChildProcess, options: SpawnOptions): Promise<Running> {
  const opener = await spawnProcess(spec, options);
  const socket = opener.child.stdio[openerDescriptor];
  if (!(socket instanceof Socket)) throw new Error('An opener is spawned with a socket.');
  socket.on('error', () => {});
  if (!holder.connected) {
    await opener.stop();
    throw new Error('There is no keyholder to hand the opener to.');
  }
  handOver(holder, socket);
  return opener;
}

/**
 * Node keeps a sent handle open until the receiver has acknowledged it, and sends nothing else on the channel before:
 * so the second message leaves only after our copy is closed.
 */
function handOver(holder: ChildProcess, socket: Socket): void {
  const given: OpenerMessage = { kind: 'opener' };
  const yours: OpenerMessage = { kind: 'opener-is-yours' };
  // A keyholder that is gone takes its opener with it; there is nothing to mend here.
  const sent = () => {};
  holder.send(given, socket, { keepOpen: false }, sent);
  holder.send(yours, undefined, {}, sent);
}
