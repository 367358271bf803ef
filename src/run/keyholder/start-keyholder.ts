import { codeOf } from '../../adapters/log/log.ts';
import { isFrozen } from '../../message/restore/restored.ts';
import { type Instant, minute } from '../../time/instant.ts';
import { beginGeneration } from './begin-generation.ts';
import { handDirectory } from './hand-directory.ts';
import { journalFold } from './journal-fold.ts';
import { JournalFault } from './journal-guard.ts';
import type { KeyholderTools } from './keyholder-tools.ts';
import { rememberRoster } from './remember-roster.ts';
import { catchUp, type Keyholder } from './settle.ts';
import { workMail } from './work-mail.ts';
import { workRequest } from './work-request.ts';
import { renewStorageKeys, workTick } from './work-tick.ts';

/** How often time alone is looked at; notices are due to the minute, not to the second. */
const tickEvery = minute;
/** A wake-up that was lost costs at most this (TECH: correctness never rests on LISTEN/NOTIFY). */
const longestWait = 1_000;
/** After a fault of the database: not at once again. */
const afterFault = 1_000;

export type RunningKeyholder = Readonly<{
  /** Works until nothing waits, then ticks once: for one-shot commands and for stories with their own clock. */
  drain: () => Promise<void>;
  /** Works until `stop`; rejects only when it must not go on: the journal is not the one it wrote (T6). */
  run: () => Promise<void>;
  /** The work in hand is finished first. */
  stop: () => void;
}>;

/** Reads the journal, makes the month's keys, and is ready to work. */
export async function startKeyholder(tools: KeyholderTools): Promise<RunningKeyholder> {
  const read = await journalFold(tools);
  await catchUp({ fold: read, tools });
  await beginGeneration({ fold: read, tools });
  const keyholder: Keyholder = { fold: await rememberRoster(read, tools.guard), tools };
  await renewStorageKeys(keyholder);
  await handDirectory(keyholder);
  let stopping = false;
  return {
    drain: async () => {
      while (await oneOf(keyholder));
      await workTick(keyholder);
    },
    run: async () => {
      let last: Tick | undefined;
      while (!stopping) last = await oneRound(keyholder, last);
    },
    stop: () => {
      stopping = true;
    },
  };
}

/** When it last looked at what time brings, and whether that went well. */
type Tick = Readonly<{ at: Instant; well: boolean }>;

/** The operator's request, or a mail; then what time brings; or a wait. */
async function oneRound(keyholder: Keyholder, last: Tick | undefined): Promise<Tick | undefined> {
  const { store, clock, log, onRound } = keyholder.tools;
  const now = clock();
  // A clock that was set back must not silence the tick (T5).
  const due = last === undefined || now - last.at >= tickEvery || now < last.at;
  // Each by itself: what fails for ever in one of them must not keep the others from their work (T8).
  const work = await attempt(() => oneOf(keyholder), log);
  const tick = due
    ? { at: now, well: (await attempt(() => workTick(keyholder), log)).kind === 'done' }
    : last;
  const well = work.kind === 'done' && tick.well;
  if (well) onRound?.({ frozen: isFrozen(keyholder.fold.knowledge) });
  if (work.kind === 'failed') await store.waitForWork(afterFault);
  else if (!work.result && !due) await store.waitForWork(longestWait);
  return tick;
}

type Attempt<T> = Readonly<{ kind: 'done'; result: T }> | Readonly<{ kind: 'failed' }>;

async function attempt<T>(work: () => Promise<T>, log: KeyholderTools['log']): Promise<Attempt<T>> {
  try {
    return { kind: 'done', result: await work() };
  } catch (error) {
    if (error instanceof JournalFault) throw error;
    log('error', 'keyholder-fault', { code: codeOf(error) });
    return { kind: 'failed' };
  }
}

/** The operator first: who must be suspended in a flood of mail is suspended before the next copy is sealed. */
async function oneOf(keyholder: Keyholder): Promise<boolean> {
  if (await workRequest(keyholder)) return true;
  // T6: what comes in waits until the restored database is thawed.
  return !isFrozen(keyholder.fold.knowledge) && (await workMail(keyholder));
}
