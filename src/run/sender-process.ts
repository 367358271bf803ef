/** The sender process: `sender.ts` with the configuration of a data directory, under the supervisor or alone. */
import { readFile } from 'node:fs/promises';
import { readClock } from '../adapters/clock/clock.ts';
import { codeOf, startLog } from '../adapters/log/log.ts';
import { openOutboxStore } from '../adapters/postgres/outbox-store.ts';
import type { RelaySettings } from '../adapters/smtp/relay-settings.ts';
import { verifyStatement } from '../adapters/statement/verify-statement.ts';
import type { Configuration } from './config/configuration.ts';
import { loadConfiguration } from './config/load-configuration.ts';
import { readPin } from './config/pins.ts';
import { formatHostPort } from './config/quantities.ts';
import { processDatabase } from './process-database.ts';
import { startSender } from './sender.ts';
import { openSenderKey } from './sender-key.ts';
import { runProcess } from './supervisor/run-process.ts';
import type { Supervised } from './supervisor/supervised.ts';

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
  const store = openOutboxStore(await processDatabase(configuration, 'private', 'sender'));
  const { relay, domain, retry } = configuration;
  const sender = startSender({
    store,
    relay: await relaySettings(configuration),
    connections: relay?.connections,
    domain,
    verify: (bytes, signature) => verifyStatement(statement, bytes, signature),
    openSealed: await openSenderKey(configuration.directory),
    retry,
    clock: readClock,
    chance: Math.random,
    log,
  });
  const reload = async () => {
    const next = await loadConfiguration(data);
    log.setLevel(next.log.level);
    sender.reload(await relaySettings(next));
    log.info('reloaded');
  };
  life.onReload(
    () => void reload().catch((error: unknown) => log.error('reload-failed', { code: codeOf(error) })),
  );
  life.ready({ relay: relay ? formatHostPort(relay) : 'none' });
  await life.stopAsked;
  await sender.stop();
  process.exit(0);
}

if (import.meta.main) runProcess(main);
