/**
 * One command starts all processes and keeps them running (P1): in order, each when the one before is ready; started
 * again with backoff when they end; stopped in reverse order, so that the door closes first and the database last.
 * Holds no key and parses nothing that was received: of its children it reads one line each, addresses and ports.
 */
import { startWithOpener } from './hand-over-opener.ts';
import { type Facts, type Kept, keepRunning, type Running, type Timer } from './keep-running.ts';
import { logTo } from './log-line.ts';
import type { ProcessSpec } from './process-spec.ts';
import { spawnProcess } from './spawn-process.ts';

export type Plan = Readonly<{
  /** In the order they start: `public-keeper`, `public-site`, `sender`, `keyholder`, `intake`. */
  processes: readonly ProcessSpec[];
  /** What must run before and after all of them: the embedded database. */
  database?: () => Promise<Running>;
  /** Node's program; the one that runs us when not said. */
  node?: string;
  timer?: Timer;
  /** A line of a process; JSON on stderr when not said. */
  log?: (name: string, line: string) => void;
}>;

export type Supervision = Readonly<{
  /** What each process said when it was ready, by name. */
  facts: Readonly<Record<string, Facts>>;
  pid: (name: string) => number | undefined;
  /** Passed on to every process (SIGHUP). */
  reload: () => void;
  stop: () => Promise<void>;
}>;

/** Resolves when all are ready. Throws, with all stopped again, when one never became ready, saying which and why. */
export async function supervise(plan: Plan): Promise<Supervision> {
  const kept: Kept[] = [];
  const facts: Record<string, Facts> = {};
  const stop = () => stopInReverse(kept);
  for (const { name, start } of startsOf(plan)) {
    const one = keepRunning({ name, start, timer: plan.timer ?? systemTimer, log: logOf(plan)(name) });
    kept.push(one);
    try {
      facts[name] = await one.started;
    } catch (error) {
      await stop();
      throw new Error(`${name} did not start: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return {
    facts,
    stop,
    pid: (name) => kept.find((one) => one.name === name)?.pid(),
    reload: () => {
      for (const one of kept) one.reload();
    },
  };
}

type Start = Readonly<{ name: string; start: () => Promise<Running> }>;

function startsOf(plan: Plan): readonly Start[] {
  const { database, node = process.execPath, timer = systemTimer } = plan;
  const log = logOf(plan);
  const first = database === undefined ? [] : [{ name: 'database', start: database }];
  const processes = plan.processes.map((spec): Start => {
    const { name, opener } = spec;
    if (opener === undefined)
      return { name, start: () => spawnProcess(spec, { node, log: log(name), third: 'ready' }) };
    return { name, start: () => startWithOpener({ keyholder: spec, opener, node, timer, log }) };
  });
  return [...first, ...processes];
}

async function stopInReverse(kept: readonly Kept[]): Promise<void> {
  for (const one of kept.toReversed()) await one.stop();
}

function logOf(plan: Plan): (name: string) => (line: string) => void {
  const log = plan.log ?? logTo(process.stderr);
  return (name) => (line) => log(name, line);
}

const systemTimer: Timer = {
  now: () => performance.now(),
  after: (milliseconds, call) => {
    const timer = setTimeout(call, milliseconds);
    return () => clearTimeout(timer);
  },
};
