/**
 * Keeps the public side: drains the public inbox. The keyholder's records become the directory; mail from outside is
 * looked through for what must stay private (U1), held for a moderator, and nothing of it is delivered (the public list
 * itself comes with a later issue). Holds no key and has no right in the private database (P4).
 */
import { z } from 'zod';
import { codeOf, type Log, startLog } from '../adapters/log/log.ts';
import type { PublicItem } from '../adapters/postgres/public-item.ts';
import {
  openPublicKeeperStore,
  type PublicDecision,
  type PublicKeeperStore,
} from '../adapters/postgres/public-store.ts';
import { type Address, parseAddress } from '../mail/address.ts';
import { screenPosting } from '../publication/screen-posting.ts';
import { minute, second } from '../time/instant.ts';
import { loadConfiguration } from './config/load-configuration.ts';
import { startHeart } from './heart.ts';
import { processDatabase } from './process-database.ts';
import { readPublicRecord } from './read-public-record.ts';
import { runProcess } from './supervisor/run-process.ts';
import type { Supervised } from './supervisor/supervised.ts';

/** A notification wakes sooner; this is for those that are lost. */
const longestWait = minute;
const pauseAfterFault = 5 * second;

type PublicKeeperLog = Pick<Log, 'info' | 'error'>;

export type PublicKeeper = Readonly<{ stop: () => Promise<void> }>;

export function startPublicKeeper({
  store,
  log,
}: Readonly<{ store: PublicKeeperStore; log: PublicKeeperLog }>): PublicKeeper {
  const stopping = new AbortController();
  const finished = keep(store, log, stopping.signal);
  return {
    stop: async () => {
      stopping.abort();
      await store.close();
      await finished;
    },
  };
}

async function keep(store: PublicKeeperStore, log: PublicKeeperLog, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    try {
      const worked = await store.withItem((item) => decide(item, store, log));
      if (!worked) await Promise.race([store.waitForWork(longestWait), aborted(stopping)]);
    } catch (error) {
      if (stopping.aborted) return;
      log.error('public-inbox-failed', { code: codeOf(error) });
      await pause(pauseAfterFault, stopping);
    }
  }
}

async function decide(
  item: PublicItem,
  store: Pick<PublicKeeperStore, 'lists'>,
  log: PublicKeeperLog,
): Promise<PublicDecision> {
  if (item.kind === 'mail') {
    const heldFor = screenPosting({ recipients: recipientsOf(item), raw: item.raw }, await store.lists());
    log.info('public-mail-held', { id: item.id, code: heldFor.join(' ') });
    return { state: 'held', heldFor };
  }
  const record = readPublicRecord(item.raw);
  if (record === undefined) {
    // Newer than we are, or damaged: kept as it is, and seen in the log.
    log.error('public-record-unknown', { id: item.id });
    return { state: 'refused' };
  }
  log.info('directory-taken', { count: record.lists.length });
  return { state: 'done', directory: record.lists };
}

const envelopeOfIntake = z.object({ recipients: z.array(z.string()) });

/** As intake wrote it; none from a row that somebody else put there: it is held all the same. */
function recipientsOf({ envelope }: PublicItem): readonly Address[] {
  try {
    const { recipients } = envelopeOfIntake.parse(JSON.parse(envelope));
    return recipients.map(parseAddress).filter((address) => address !== undefined);
  } catch {
    return [];
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Keeps the process: with the database's connections gone, nothing else does. */
function pause(milliseconds: number, stopping: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    stopping.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}

async function main(data: string, life: Supervised): Promise<void> {
  const configuration = await loadConfiguration(data);
  const log = startLog('public-keeper', configuration.log.level);
  const access = await processDatabase(configuration, 'public', 'public_keeper');
  const keeper = startPublicKeeper({ store: openPublicKeeperStore(access), log });
  const heart = startHeart('public-keeper', access, { log, by: 'timer' });
  life.onReload(
    () =>
      void loadConfiguration(data).then(
        (next) => log.setLevel(next.log.level),
        () => log.error('reload-failed'),
      ),
  );
  life.ready({});
  await life.stopAsked;
  await Promise.all([keeper.stop(), heart.stop()]);
}

if (import.meta.main) runProcess(main);
