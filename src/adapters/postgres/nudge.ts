/**
 * NOTIFY after the commit instead of in it, for the one hot path: a transaction that notifies holds a cluster-wide lock
 * until its fsync is done, so twenty sessions that deliver at once would be made durable one after the other. One
 * notification is under way at a time and stands for all rows that came meanwhile; a lost one costs the listener a timer.
 */
import { type Kysely, sql } from 'kysely';
import type { Channel } from './wake.ts';

export type Nudge = Readonly<{ nudge: () => void; settled: () => Promise<void> }>;

/** Who was just woken works through all that waits: in a flood of mail a hundred calls a second are plenty. Milliseconds. */
const betweenNudges = 10;

export function openNudge(query: Pick<Kysely<unknown>, 'getExecutor'>, channel: Channel): Nudge {
  let underWay: Promise<void> | undefined;
  let again = false;

  async function send(): Promise<void> {
    do {
      if (again) await new Promise((resolve) => setTimeout(resolve, betweenNudges));
      again = false;
      await sql`NOTIFY ${sql.raw(channel)}`.execute(query).catch(() => undefined);
    } while (again);
    // At once, not when the promise has settled: a nudge in between would be lost.
    underWay = undefined;
  }

  return {
    nudge: () => {
      if (underWay) again = true;
      else underWay = send();
    },
    settled: async () => {
      await underWay;
    },
  };
}
