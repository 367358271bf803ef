/** The intake process: `intake.ts` with the configuration of a data directory, under the supervisor or alone. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { readClock } from '../adapters/clock/clock.ts';
import { codeOf, startLog } from '../adapters/log/log.ts';
import { createDoorSealer } from '../adapters/openpgp/seal-at-door.ts';
import { openInboxStore } from '../adapters/postgres/inbox-store.ts';
import { type DoorLimits, defaultDoorLimits } from '../adapters/smtp/door-limits.ts';
import type { DoorTls } from '../adapters/smtp/door-parameters.ts';
import { statementVerifier } from '../adapters/statement/verify-statement.ts';
import type { Configuration } from './config/configuration.ts';
import { loadConfiguration } from './config/load-configuration.ts';
import { readPin } from './config/pins.ts';
import { formatHostPort } from './config/quantities.ts';
import { startHeart } from './heart.ts';
import { type ListenAt, startIntake } from './intake.ts';
import { mailResolver } from './mail-resolver.ts';
import { processDatabase } from './process-database.ts';
import { runProcess } from './supervisor/run-process.ts';
import type { Supervised } from './supervisor/supervised.ts';

/** One process's share: what the file says holds for all of them together, and none knows what the others have. */
export function doorLimits({ limits, intake }: Configuration): DoorLimits {
  const share = (whole: number) => Math.ceil(whole / intake.processes);
  return {
    ...defaultDoorLimits,
    messageBytes: limits.messageSize,
    recipients: limits.recipients,
    connections: share(limits.connections),
    connectionsPerNetwork: share(limits.connectionsPerAddress),
    messageBurst: share(limits.messagesPerMinute),
    messagesPerMinute: share(limits.messagesPerMinute),
    bytesInFlight: Math.max(share(defaultDoorLimits.bytesInFlight), limits.messageSize),
  };
}

function placesOf(configuration: Configuration, door: 'smtp' | 'lmtp'): readonly ListenAt[] {
  const shared = configuration.intake.processes > 1;
  return configuration[door].listen.map((place) => ({ ...place, shared }));
}

async function readTls({ smtp }: Configuration): Promise<DoorTls | undefined> {
  if (!smtp.tls) return undefined;
  const [certificate, key] = await Promise.all([
    readFile(smtp.tls.certificate, 'utf8'),
    readFile(smtp.tls.key, 'utf8'),
  ]);
  return { certificate, key };
}

async function main(data: string, life: Supervised): Promise<void> {
  const configuration = await loadConfiguration(data);
  const log = startLog('intake', configuration.log.level);
  const statement = await readPin(configuration.directory, 'statement');
  const access = await processDatabase(configuration, 'private', 'intake');
  const intake = await startIntake({
    smtp: placesOf(configuration, 'smtp'),
    lmtp: placesOf(configuration, 'lmtp'),
    domain: configuration.domain,
    hostName: configuration.domain,
    store: openInboxStore({
      private: access,
      public: await processDatabase(configuration, 'public', 'intake'),
    }),
    sealAtDoor: createDoorSealer(),
    verify: statementVerifier(statement),
    clock: readClock,
    newId: randomUUID,
    log,
    limits: doorLimits(configuration),
    tls: await readTls(configuration),
    resolver: mailResolver(configuration.authentication),
  });
  // The supervisor says which of them this is; alone it is the first.
  const sibling = { number: Number(process.argv[3] ?? 1), of: configuration.intake.processes };
  const heart = startHeart('intake', access, { log, by: 'timer', sibling });
  const reload = async () => {
    const next = await loadConfiguration(data);
    log.setLevel(next.log.level);
    // How many processes there are is no matter of a reload.
    intake.reload({
      limits: doorLimits({ ...next, intake: configuration.intake }),
      tls: await readTls(next),
    });
    log.info('reloaded');
  };
  life.onReload(
    () => void reload().catch((error: unknown) => log.error('reload-failed', { code: codeOf(error) })),
  );
  const places = (list: typeof intake.smtp) =>
    list.map(({ address, port }) => formatHostPort({ host: address, port })).join(' ');
  life.ready({ smtp: places(intake.smtp), lmtp: places(intake.lmtp) });
  await life.stopAsked;
  await Promise.all([intake.stop(), heart.stop()]);
  process.exit(0);
}

if (import.meta.main) runProcess(main);
