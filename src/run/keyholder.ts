/**
 * The keyholder process: it alone holds the lists' keys (I3), accepts no connection, and opens none but the two
 * databases' (P3). What it does is in `keyholder/`; here it gets its tools from the data directory.
 */
import { join } from 'node:path';
import { readClock } from '../adapters/clock/clock.ts';
import { codeOf, startLog } from '../adapters/log/log.ts';
import { openerClient } from '../adapters/opener/opener-client.ts';
import { openKeyring } from '../adapters/openpgp/keyring/keyring.ts';
import { readOwnCertificate } from '../adapters/openpgp/own-certificate.ts';
import { createSenderSealer } from '../adapters/openpgp/seal-to-sender.ts';
import { openPrivateStore } from '../adapters/postgres/private-store.ts';
import { openPublicRecordStore } from '../adapters/postgres/public-store.ts';
import type { Configuration } from './config/configuration.ts';
import { loadConfiguration } from './config/load-configuration.ts';
import { readPin } from './config/pins.ts';
import { readPassphrase } from './config/read-passphrase.ts';
import { startHeart } from './heart.ts';
import { journalGuard } from './keyholder/journal-guard.ts';
import { keysOfKeyring } from './keyholder/keys-of-keyring.ts';
import { machineTools } from './keyholder/machine-tools.ts';
import { operatorDoor } from './keyholder/operator-door.ts';
import { publicDoor } from './keyholder/public-door.ts';
import { startKeyholder } from './keyholder/start-keyholder.ts';
import { processDatabase } from './process-database.ts';
import { receiveOpeners, reportHangingOpener } from './supervisor/receive-opener.ts';
import { runProcess } from './supervisor/run-process.ts';
import type { Supervised } from './supervisor/supervised.ts';

async function keyringOf(configuration: Configuration) {
  return openKeyring({
    directory: configuration.directory.keyholder,
    passphrase: await readPassphrase(configuration.passphrase),
    unprotected: configuration.passphrase.kind === 'unprotected',
    demo: configuration.demo,
    now: readClock(),
  });
}

async function main(data: string, life: Supervised): Promise<void> {
  const opener = openerClient(undefined, undefined, reportHangingOpener);
  receiveOpeners(opener.setSocket);
  const configuration = await loadConfiguration(data);
  const log = startLog('keyholder', configuration.log.level);
  const keyring = await keyringOf(configuration);
  const privateAccess = await processDatabase(configuration, 'private', 'keyholder');
  const store = openPrivateStore(privateAccess);
  const records = openPublicRecordStore(await processDatabase(configuration, 'public', 'keyholder'));
  const operator = await readOwnCertificate(await readPin(configuration.directory, 'operator'));
  const heart = startHeart('keyholder', privateAccess, { log, by: 'loop' });
  const keyholder = await startKeyholder({
    ...machineTools,
    onRound: ({ frozen }) => heart.pulse(frozen ? 'frozen' : ''),
    domain: configuration.domain,
    store,
    keys: keysOfKeyring(keyring, opener.examine),
    open: opener.open,
    sealToSender: createSenderSealer(await readPin(configuration.directory, 'sender')),
    examine: opener.examine,
    operator: operatorDoor(keyring, operator, readClock),
    publicDoor: publicDoor(records.handOver, readClock),
    guard: journalGuard(join(configuration.directory.keyholder, 'journal-head')),
    clock: readClock,
    log: (level, event, fields) => log[level](event, fields),
  });
  life.onReload(() => {
    loadConfiguration(data).then(
      (next) => log.setLevel(next.log.level),
      (error: unknown) => log.error('reload-failed', { code: codeOf(error) }),
    );
  });
  life.ready({});
  const stopped = life.stopAsked.then(keyholder.stop);
  await keyholder.run();
  await stopped;
  opener.close();
  await Promise.all([store.close(), records.close(), heart.stop()]);
  process.exit(0);
}

if (import.meta.main) runProcess(main);
