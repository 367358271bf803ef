/** Serves the public pages (adapters/public-site) from the public database. Reaches no key and no private right. */
import { readClock } from '../adapters/clock/clock.ts';
import { type Listening, serveSite } from '../adapters/html/serve-pages.ts';
import { codeOf, type Log, startLog } from '../adapters/log/log.ts';
import { openPublicReader, type PublicSiteReader } from '../adapters/postgres/public-store.ts';
import { fingerprintOf } from '../adapters/public-site/fingerprint-of.ts';
import type { PublicRecord } from '../adapters/public-site/public-record.ts';
import { publicSite } from '../adapters/public-site/public-site.ts';
import type { Configuration } from './config/configuration.ts';
import { loadConfiguration } from './config/load-configuration.ts';
import { formatHostPort } from './config/quantities.ts';
import { startHeart } from './heart.ts';
import { processDatabase } from './process-database.ts';
import { runProcess } from './supervisor/run-process.ts';
import type { Supervised } from './supervisor/supervised.ts';

export type PublicSiteProcess = Readonly<{ listening: readonly Listening[]; stop: () => Promise<void> }>;

export async function startPublicSite(
  configuration: Pick<Configuration, 'domain' | 'demo' | 'publicSite'>,
  reader: PublicSiteReader,
  log: Pick<Log, 'error'>,
): Promise<PublicSiteProcess> {
  const { domain, demo } = configuration;
  const { url, listen } = configuration.publicSite;
  const onFault = (error: unknown) => log.error('page-not-shown', { code: codeOf(error) });
  const site = publicSite({ domain, demo, url, record: recordOf(reader), now: readClock, onFault });
  const listening: Listening[] = [];
  for (const place of listen) listening.push(await serveSite(site, place));
  return {
    listening,
    stop: async () => {
      await Promise.all(listening.map(({ close }) => close()));
      await reader.close();
    },
  };
}

function recordOf(reader: PublicSiteReader): PublicRecord {
  // Of the certificates that the directory had last: a fingerprint follows from its certificate alone.
  let known: ReadonlyMap<string, string | undefined> = new Map();
  return {
    archive: reader.archive,
    lists: async () => {
      const entries = await reader.lists();
      const certificates = entries.flatMap(({ certificate }) => certificate ?? []);
      known = new Map(certificates.map((one) => [one, known.get(one) ?? fingerprintOf(one)]));
      return entries.map((entry) => ({ ...entry, fingerprint: known.get(entry.certificate ?? '') }));
    },
  };
}

async function main(data: string, life: Supervised): Promise<void> {
  const configuration = await loadConfiguration(data);
  const log = startLog('public-site', configuration.log.level);
  const access = await processDatabase(configuration, 'public', 'public_site');
  const reader = openPublicReader(access);
  const running = await startPublicSite(configuration, reader, log);
  const heart = startHeart('public-site', access, { log, by: 'timer' });
  life.onReload(
    () =>
      void loadConfiguration(data).then(
        (next) => log.setLevel(next.log.level),
        (error: unknown) => log.error('reload-failed', { code: codeOf(error) }),
      ),
  );
  life.ready({ http: configuration.publicSite.listen.map(formatHostPort).join(' ') });
  await life.stopAsked;
  await Promise.all([running.stop(), heart.stop()]);
}

if (import.meta.main) runProcess(main);
