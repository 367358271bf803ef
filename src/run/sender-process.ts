/** The sender process: `sender.ts` with the configuration of a data directory, under the supervisor or alone. */
import { readFile } from 'node:fs/promises';
import { readClock } from '../adapters/clock/clock.ts';
import { askDirectory } from '../adapters/key-directory/ask-directory.ts';
import { codeOf, startLog } from '../adapters/log/log.ts';
import { openLookUpStore } from '../adapters/postgres/lookup-store.ts';
import { openOutboxStore } from '../adapters/postgres/outbox-store.ts';
import type { RelaySettings } from '../adapters/smtp/relay-settings.ts';
import { statementVerifier } from '../adapters/statement/verify-statement.ts';
import type { Configuration } from './config/configuration.ts';
import { loadConfiguration } from './config/load-configuration.ts';
import { readPin } from './config/pins.ts';
import { formatHostPort } from './config/quantities.ts';
import { startHeart } from './heart.ts';
import { startLookUps } from './look-up-keys.ts';
import { processDatabase } from './process-database.ts';
import { startSender } from './sender.ts';
import { openSenderKey } from './sender-key.ts';
import { runProcess } from './supervisor/run-process.ts';
import type { Supervised } from './supervisor/supervised.ts';
import { deliveryFigures } from './watch/delivery-figures.ts';
import { startWatch } from './watch/start-watch.ts';

async function relaySettings({ relay, domain }: Configuration): Promise<RelaySettings | undefined> {
  if (relay === undefined) return undefined;
  const { host, port, tls, login } = relay;
  if (login === undefined) return { host, port, tls, hostName: domain };
  const [password = ''] = (await readFile(login.passwordFile, 'utf8')).split(/\r?\n/);
  return { host, port, tls, hostName: domain, login: { username: login.username, password } };
}

async function main(data: string, life: Supervised): Promise<void> {
  const configuration = await loadConfiguration(data);
  const log = startLog('sender', configuration.log.level);
  const statement = await readPin(configuration.directory, 'statement');
  const access = await processDatabase(configuration, 'private', 'sender');
  const store = openOutboxStore(access);
  const figures = deliveryFigures(() => performance.now());
  const { relay, domain, retry } = configuration;
  const sender = startSender({
    store,
    relay: await relaySettings(configuration),
    connections: relay?.connections,
    domain,
    verify: statementVerifier(statement),
    openSealed: await openSenderKey(configuration.directory),
    retry,
    clock: readClock,
    chance: Math.random,
    log,
    figures,
  });
  const heart = startHeart('sender', access, { log, by: 'timer' });
  const watch = await startWatch({
    configuration,
    private: access,
    public: await processDatabase(configuration, 'public', 'sender'),
    deliveries: figures,
    probe: sender.probe,
    send: sender.send,
    clock: readClock,
    log,
  });
  const lookUps = configuration.keyDirectories
    ? startLookUps({ store: openLookUpStore(access), ask: askDirectory(), clock: readClock, log })
    : undefined;
  const reload = async () => {
    const next = await loadConfiguration(data);
    log.setLevel(next.log.level);
    sender.reload(await relaySettings(next));
    watch.reload(next);
    log.info('reloaded');
  };
  life.onReload(
    () => void reload().catch((error: unknown) => log.error('reload-failed', { code: codeOf(error) })),
  );
  const ports = configuration.monitoring.listen.slice(0, watch.places.length);
  life.ready({
    relay: relay ? formatHostPort(relay) : 'none',
    monitoring: ports.map(formatHostPort).join(' '),
  });
  await life.stopAsked;
  lookUps?.stop();
  await Promise.all([watch.stop(), heart.stop()]);
  await sender.stop();
  process.exit(0);
}

if (import.meta.main) runProcess(main);
