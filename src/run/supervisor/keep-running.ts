import { backoff, failuresAfter, longestBackoff } from './backoff.ts';

/** What a process says of itself when it is ready: addresses and ports, as text. */
export type Facts = Readonly<Record<string, string>>;

/** A started process, or anything else that runs, ends and can be stopped: the database too. */
export type Running = Readonly<{
  pid: number;
  /** Rejects when it ended before. */
  ready: Promise<Facts>;
  /** Resolves to how it ended: `exit code 1`, `signal SIGKILL`. */
  ended: Promise<string>;
  stop: () => Promise<void>;
  reload: () => void;
}>;

/** The clock, so that a test can be it. */
export type Timer = Readonly<{
  now: () => number;
  /** Calls back once after that many milliseconds; returns what cancels it. */
  after: (milliseconds: number, call: () => void) => () => void;
}>;

/** How `Running.ready` rejects: the end is reported by `ended` as well. */
export class EndedEarly extends Error {
  readonly code: string = 'ended-early';
}

/** The same, with its own sentence on why. */
export class StartRefused extends EndedEarly {
  override readonly code = 'start-refused';
}

export type Kept = Readonly<{
  name: string;
  /** Settles with the first start: its facts, or why it never became ready. Later ends are mended in silence. */
  started: Promise<Facts>;
  pid: () => number | undefined;
  reload: () => void;
  /** What ends in good order from now on is not started again; a crash still is, until `stop`. */
  retire: () => void;
  /** Stops it for good. */
  stop: () => Promise<void>;
}>;

export type Keeping = Readonly<{
  name: string;
  start: () => Promise<Running>;
  timer: Timer;
  log: (line: string) => void;
  /** Milliseconds; a minute when not said. */
  longestDelay?: number;
}>;

/** How `spawn-process.ts` words the end of a process that chose to end and had no trouble. */
export const endedWell = 'exit code 0';

/**
 * Starts it, and once it has been ready starts it again whenever it ends, later and later while it ends young, until
 * `stop`. One that never became ready is not tried again: a wrong configuration is for people to mend.
 */
export function keepRunning({ name, start, timer, log, longestDelay = longestBackoff }: Keeping): Kept {
  let current: Running | undefined;
  let stopping = false;
  let retired = false;
  let failures = 0;
  let cancelRestart = () => {};
  let launch: Promise<unknown> = Promise.resolve();

  const run = async (restartWhenEnded: Promise<boolean>): Promise<Facts> => {
    const startedAt = timer.now();
    const starting = start();
    launch = starting.catch(() => {});
    const running = await starting;
    current = running;
    void running.ended.then(async (how) => {
      current = undefined;
      if (await restartWhenEnded) restartLater(how, timer.now() - startedAt);
    });
    if (stopping) await running.stop();
    return await running.ready;
  };
  const restartLater = (how: string, ranFor: number) => {
    if (stopping || (retired && how === endedWell)) return;
    failures = failuresAfter(failures, { clean: how === endedWell, ranFor });
    const delay = backoff(failures, longestDelay);
    if (delay > 0) log(`ended (${how}); starting again in ${delay / 1000} s`);
    cancelRestart = timer.after(delay, restart);
  };
  const restart = () => {
    // An end after the start is heard through `ended`; only a start that fails altogether is left to mend here.
    run(Promise.resolve(true)).catch((error: unknown) => {
      if (error instanceof StartRefused) log(error.message);
      if (current === undefined && !(error instanceof EndedEarly)) restartLater(String(error), 0);
    });
  };

  const becameReady = Promise.withResolvers<boolean>();
  const started = run(becameReady.promise);
  started.then(
    () => becameReady.resolve(true),
    () => becameReady.resolve(false),
  );

  return {
    name,
    started,
    pid: () => current?.pid,
    reload: () => current?.reload(),
    retire: () => {
      retired = true;
    },
    stop: async () => {
      stopping = true;
      cancelRestart();
      await launch;
      await current?.stop();
    },
  };
}
