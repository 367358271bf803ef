import { setTimeout as delay } from 'node:timers/promises';
import { sharesOf, type Usage } from './process-usage.ts';

const lookEvery = 250;
/** Idle processes look around now and then; three looks with next to nothing between them are the end of the work. */
const looksInQuiet = 3;
const nothingMuch = 10;
/** Under a profiler they never rest. */
const patience = 5_000;

/** Resolves once the processes have finished what follows from a mail: outcomes recorded, batches settled. */
export async function untilQuiet(usage: () => Usage): Promise<void> {
  let quiet = 0;
  const until = performance.now() + patience;
  for (let before = total(usage()); quiet < looksInQuiet && performance.now() < until; ) {
    await delay(lookEvery);
    const after = total(usage());
    quiet = after - before <= nothingMuch ? quiet + 1 : 0;
    before = after;
  }
}

function total(usage: Usage): number {
  const { ours, database } = sharesOf(usage);
  return ours + database;
}
