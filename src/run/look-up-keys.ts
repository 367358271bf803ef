/**
 * Sender's other work: once a day it asks each representative's key directory (P6). When, is drawn from the person's id, itself
 * drawn at random: no mail, case or change of the roster makes it ask sooner or later, so that who watches the network
 * or runs a directory learns from it only that the server works.
 */
import { createHash } from 'node:crypto';
import { codeOf, type Log } from '../adapters/log/log.ts';
import type { AskDirectory, LookUpRow, LookUpStore } from '../message/look-up/key-lookup.ts';
import { day, type Instant, minute } from '../time/instant.ts';

/** How often it is seen whose hour has come. */
const lookEvery = 5 * minute;
/** After days without it the others are asked in the next rounds: never a burst. */
const mostPerRound = 20;

export type LookUpParameters = Readonly<{
  store: LookUpStore;
  ask: AskDirectory;
  clock: () => Instant;
  log: Pick<Log, 'info' | 'warn'>;
}>;

/** Asks for those whose hour has passed since they were last asked, one after the other. Rejects for the database alone. */
export async function lookUpDue({ store, ask, clock, log }: LookUpParameters): Promise<void> {
  const due = (await store.rows()).filter((row) => row.askedAt < lastTurn(row, clock()));
  const counts = { found: 0, none: 0, failed: 0 };
  let code = '';
  for (const row of due.toSorted((one, other) => one.askedAt - other.askedAt).slice(0, mostPerRound)) {
    const takenAt = clock();
    if (!(await store.take(row, takenAt))) continue;
    const answer = await ask(row.address);
    await store.answer({ readerId: row.readerId, takenAt }, answer, clock());
    counts[answer.kind] += 1;
    if (answer.kind === 'failed') code = answer.reason;
  }
  // How many, and not whose; `code` is the last failure's.
  if (due.length > 0) log.info('key-directories-asked', { ...counts, ...(code === '' ? {} : { code }) });
}

/** The person's moment of the day, the last time that it came. */
export function lastTurn({ readerId }: Pick<LookUpRow, 'readerId'>, now: Instant): number {
  const drawn = createHash('sha256').update(`key directory ${readerId}`).digest().readUInt32BE();
  const within = (drawn / 2 ** 32) * day;
  return Math.floor((now - within) / day) * day + within;
}

/** `stop` waits for nobody: an answer that is cut off is asked for again a day later. */
export function startLookUps(parameters: LookUpParameters): Readonly<{ stop: () => void }> {
  let busy = false;
  const look = async () => {
    if (busy) return;
    busy = true;
    await lookUpDue(parameters).catch((error: unknown) =>
      parameters.log.warn('key-lookups-not-made', { code: codeOf(error) }),
    );
    busy = false;
  };
  const timer = setInterval(() => void look(), lookEvery).unref();
  return { stop: () => clearInterval(timer) };
}
