/**
 * Keeps the public side: drains the public inbox, and does what moderators ask. The keyholder's records become the
 * directory; mail to a public list is posted to its archive, or held for a moderator (U1, first postings). Holds no key and
 * has no right in the private database (P4). Nothing is delivered to subscribers yet.
 */
import { createHash } from 'node:crypto';
import { readClock } from '../adapters/clock/clock.ts';
import { codeOf, type Log, startLog } from '../adapters/log/log.ts';
import { htmlToText } from '../adapters/mime/html-to-text.ts';
import { ed25519OfCertificate } from '../adapters/openpgp/ed25519-public.ts';
import type { PublicItem } from '../adapters/postgres/public-item.ts';
import {
  openPublicKeeperStore,
  type PublicDecision,
  type PublicKeeperStore,
} from '../adapters/postgres/public-store.ts';
import { statementVerifier } from '../adapters/statement/verify-statement.ts';
import { minute, second } from '../time/instant.ts';
import { loadConfiguration } from './config/load-configuration.ts';
import { readPin } from './config/pins.ts';
import { startHeart } from './heart.ts';
import { processDatabase } from './process-database.ts';
import type { KeeperTools } from './public-keeper/keeper-tools.ts';
import { workModeration } from './public-keeper/work-moderation.ts';
import { workPublicMail } from './public-keeper/work-public-mail.ts';
import { readPublicRecord } from './read-public-record.ts';
import { runProcess } from './supervisor/run-process.ts';
import type { Supervised } from './supervisor/supervised.ts';

/** A notification wakes sooner; this is for those that are lost. */
const longestWait = minute;
const pauseAfterFault = 5 * second;

export type PublicKeeper = Readonly<{ stop: () => Promise<void> }>;

export type PublicKeeperOptions = Readonly<{
  store: PublicKeeperStore;
  domain: string;
  /** The operator's certificate, as it is pinned (P7). */
  operator: Uint8Array;
  clock: KeeperTools['clock'];
  log: Pick<Log, 'info' | 'error'>;
}>;

export function startPublicKeeper({ operator, ...options }: PublicKeeperOptions): PublicKeeper {
  const { store } = options;
  const stopping = new AbortController();
  const key = ed25519OfCertificate(operator);
  const tools: KeeperTools = {
    ...options,
    posting: { sha256: (bytes) => createHash('sha256').update(bytes).digest(), htmlToText },
    // No key that we know: nobody moderates, rather than anybody.
    isOperators: key ? statementVerifier(key) : () => false,
  };
  const finished = keep(tools, stopping.signal);
  return {
    stop: async () => {
      stopping.abort();
      await store.close();
      await finished;
    },
  };
}

async function keep(tools: KeeperTools, stopping: AbortSignal): Promise<void> {
  const { store, log } = tools;
  while (!stopping.aborted) {
    try {
      const worked = await workOnce(tools);
      if (!worked) await Promise.race([store.waitForWork(longestWait), aborted(stopping)]);
    } catch (error) {
      if (stopping.aborted) return;
      log.error('public-inbox-failed', { code: codeOf(error) });
      await pause(pauseAfterFault, stopping);
    }
  }
}

/** One request before each mail: a moderator waits for an answer, also while a flood of mail is taken. */
async function workOnce(tools: KeeperTools): Promise<boolean> {
  const asked = await tools.store.withRequest((row, held) => workModeration(row, held, tools));
  const arrived = await tools.store.withItem((item) => decide(item, tools));
  return asked || arrived;
}

async function decide(item: PublicItem, tools: KeeperTools): Promise<PublicDecision> {
  if (item.kind === 'mail') return workPublicMail(item, tools);
  const { log } = tools;
  const record = readPublicRecord(item.raw);
  if (record === undefined) {
    // Newer than we are, or damaged: kept as it is, and seen in the log.
    log.error('public-record-unknown', { id: item.id });
    return { state: 'refused' };
  }
  log.info('directory-taken', { count: record.lists.length });
  return { state: 'done', directory: record.lists };
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
  const keeper = startPublicKeeper({
    store: openPublicKeeperStore(access),
    domain: configuration.domain,
    operator: await readPin(configuration.directory, 'operator'),
    clock: readClock,
    log,
  });
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
