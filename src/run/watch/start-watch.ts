/** The watch of one sender: its own eyes on the databases, the relay, the disk and the door's certificate. */
import { randomUUID, X509Certificate } from 'node:crypto';
import { readFile, statfs } from 'node:fs/promises';
import type { PoolConfig } from 'pg';
import { codeOf, type Log } from '../../adapters/log/log.ts';
import { writeExposition } from '../../adapters/monitoring/exposition.ts';
import { type ServedMonitoring, serveMonitoring } from '../../adapters/monitoring/serve-monitoring.ts';
import { type Heard, openHeartbeatReader } from '../../adapters/postgres/heartbeats.ts';
import { openOutboxFigures } from '../../adapters/postgres/outbox-figures.ts';
import { parseAddress } from '../../mail/address.ts';
import type { WireMail, WireResult } from '../../message/deliver/deliver.ts';
import { type Instant, instantFromMilliseconds, minute, second } from '../../time/instant.ts';
import type { Configuration } from '../config/configuration.ts';
import { machineName } from '../heart.ts';
import { writeAlarmMail } from './alarm-mail.ts';
import type { WatchFacts } from './concerns.ts';
import type { DeliveryFigures } from './delivery-figures.ts';
import { families } from './families.ts';
import { readMetricsToken } from './metrics-token.ts';
import { measureProcess } from './process-figures.ts';
import { createWatch, type Lasting } from './watch.ts';
import { wordConcern } from './word-concern.ts';

export type WatchParameters = Readonly<{
  configuration: Configuration;
  private: PoolConfig;
  public: PoolConfig;
  deliveries: DeliveryFigures;
  /** Greets the relay if nobody has spoken to it lately. */
  probe: () => Promise<void>;
  send: (mail: WireMail) => Promise<WireResult>;
  clock: () => Instant;
  log: Pick<Log, 'info' | 'warn' | 'error'>;
}>;

export type RunningWatch = Readonly<{
  /** Where it answers; empty when nowhere. */
  places: readonly ServedMonitoring[];
  reload: (configuration: Configuration) => void;
  stop: () => Promise<void>;
}>;

const lookEvery = 30 * second;
/** A relay is greeted as often, whether mail leaves or not: its log then shows one short connection a minute. */
const probeEvery = minute;
/** Whoever asks sees nothing older; whoever asks without end makes no more work than this. */
const freshFor = second;

export async function startWatch(parameters: WatchParameters): Promise<RunningWatch> {
  const { log, clock, deliveries } = parameters;
  let { configuration } = parameters;
  const began = performance.now();
  const heartbeats = openHeartbeatReader([parameters.private, parameters.public]);
  const outbox = openOutboxFigures(parameters.private);
  const measured = measureProcess();
  const probeSometimes = atMostEvery(probeEvery, parameters.probe);
  let heard: readonly Heard[] = [];
  const watch = createWatch({
    clock,
    log,
    tell: async (lasting, now) => {
      const mail = alarmMail(configuration, lasting, now);
      return mail !== undefined && (await parameters.send(mail)).kind === 'accepted';
    },
    facts: async (): Promise<WatchFacts> => {
      probeSometimes();
      const found = await heartbeats.heartbeats().catch((error: unknown) => {
        log.warn('heartbeats-unreadable', { code: codeOf(error) });
        return undefined;
      });
      heard = found ?? [];
      return {
        watchedFor: performance.now() - began,
        heartbeats: found,
        relay: configuration.relay === undefined ? { kind: 'none' } : deliveries.relay(),
        diskFree: await diskFree(configuration.directory.root),
        doorCertificateEnds: await certificateEnd(configuration.smtp.tls?.certificate),
      };
    },
  });
  const look = sharedLook(watch.look);
  const timer = setInterval(() => void look().catch(() => undefined), lookEvery).unref();
  const places = await serve(parameters, {
    token: await readMetricsToken(configuration),
    health: async () => healthOf(await look()),
    metrics: async () =>
      writeExposition(
        families({
          concerns: await look(),
          heartbeats: heard,
          outbox: await outbox.figures().catch(() => undefined),
          deliveries,
          process: measured.read(),
        }),
      ),
  });
  return {
    places,
    reload: (next) => {
      configuration = next;
    },
    stop: async () => {
      clearInterval(timer);
      measured.stop();
      await Promise.all(places.map(({ close }) => close()));
      await Promise.all([heartbeats.close(), outbox.close()]);
    },
  };
}

/** At once the first time, and never two together. */
function atMostEvery(interval: number, work: () => Promise<void>): () => void {
  let last = Number.NEGATIVE_INFINITY;
  let working = false;
  return () => {
    if (working || performance.now() - last < interval) return;
    last = performance.now();
    working = true;
    void work().finally(() => {
      working = false;
    });
  };
}

/** One look at a time, and the last one while it is fresh. */
function sharedLook(look: () => Promise<readonly Lasting[]>): () => Promise<readonly Lasting[]> {
  let current: Promise<readonly Lasting[]> | undefined;
  let endedAt = Number.NEGATIVE_INFINITY;
  return () => {
    if (current && performance.now() - endedAt < freshFor) return current;
    endedAt = Number.POSITIVE_INFINITY;
    current = look().finally(() => {
      endedAt = performance.now();
    });
    return current;
  };
}

function healthOf(concerns: readonly Lasting[]) {
  if (concerns.length === 0) return { healthy: true, lines: ['ok'] };
  return { healthy: false, lines: concerns.map(({ concern }) => wordConcern(concern).what) };
}

/** A port that cannot be had is told and no more: what watches must never keep mail from leaving. */
async function serve(
  { configuration, log }: WatchParameters,
  monitoring: Parameters<typeof serveMonitoring>[0],
): Promise<readonly ServedMonitoring[]> {
  const places: ServedMonitoring[] = [];
  for (const place of configuration.monitoring.listen) {
    try {
      places.push(await serveMonitoring(monitoring, place));
    } catch (error) {
      log.error('monitoring-port-not-had', { code: codeOf(error) });
    }
  }
  return places;
}

function alarmMail(
  { monitoring, domain }: Configuration,
  { concern, since }: Lasting,
  now: Instant,
): WireMail | undefined {
  const from = parseAddress(`postmaster@${domain}`);
  const to = monitoring.alarmsTo;
  if (!from || !to) return undefined;
  const mail = { concern, since, now, from, to, domain, machine: machineName(), id: randomUUID() };
  return { returnPath: '', recipient: to, pieces: [writeAlarmMail(mail)] };
}

async function diskFree(path: string): Promise<number | undefined> {
  const found = await statfs(path).catch(() => undefined);
  return found && found.blocks > 0 ? found.bavail / found.blocks : undefined;
}

/** Of the chain's first certificate, which is the door's own. `doctor` tells when the file cannot be read. */
async function certificateEnd(file: string | undefined): Promise<Instant | undefined> {
  if (file === undefined) return undefined;
  try {
    return instantFromMilliseconds(new X509Certificate(await readFile(file)).validToDate.getTime());
  } catch {
    return undefined;
  }
}
