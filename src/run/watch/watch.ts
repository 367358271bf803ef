/**
 * `sender` watches the machinery: looks, says in the log when a concern begins and ends, and mails who runs the server
 * (`monitoring.alarms_to`) when one begins and once a day while it lasts. Such a mail waits nowhere: it is
 * written anew at each look until the relay takes it.
 */
import type { Log } from '../../adapters/log/log.ts';
import { day, type Instant } from '../../time/instant.ts';
import { type Concern, concernKey, concernsOf, type WatchFacts } from './concerns.ts';

export type Lasting = Readonly<{ concern: Concern; since: Instant; toldAt: Instant | undefined }>;

export type WatchTools = Readonly<{
  facts: () => Promise<WatchFacts>;
  clock: () => Instant;
  /** Whether it was taken by the relay; undefined where nobody is to be told by mail. */
  tell: (lasting: Lasting, now: Instant) => Promise<boolean>;
  log: Pick<Log, 'info' | 'error'>;
}>;

export type Watch = Readonly<{
  look: () => Promise<readonly Lasting[]>;
}>;

export function createWatch({ facts, clock, tell, log }: WatchTools): Watch {
  let lasting: ReadonlyMap<string, Lasting> = new Map();
  const look = async () => {
    const concerns = concernsOf(await facts(), clock());
    const now = clock();
    const found = new Map<string, Lasting>();
    for (const concern of concerns) {
      const key = concernKey(concern);
      const before = lasting.get(key);
      if (!before) log.error('concern-began', { code: key });
      found.set(key, { concern, since: before?.since ?? now, toldAt: before?.toldAt });
    }
    for (const key of lasting.keys()) if (!found.has(key)) log.info('concern-ended', { code: key });
    for (const [key, one] of found) {
      if (one.toldAt !== undefined && now - one.toldAt < day) continue;
      if (await tell(one, now)) found.set(key, { ...one, toldAt: now });
    }
    lasting = found;
    return [...found.values()];
  };
  return { look };
}
