/**
 * Where a demo's mail ends: an SMTP sink and pages of its mailboxes, on loopback. Holds the demo's keyring, which has
 * everybody's secret keys; refuses to start for anything but a demo.
 */
import { join } from 'node:path';
import { serveSite } from '../adapters/html/serve-pages.ts';
import type { Configuration } from './config/configuration.ts';
import { loadConfiguration } from './config/load-configuration.ts';
import { formatHostPort } from './config/quantities.ts';
import { openDemoKeyring } from './demo/keyring.ts';
import { openCopy } from './demo/open-copy.ts';
import { openSinkDoor } from './demo/sink-door.ts';
import { sinkSite } from './demo/sink-pages.ts';
import { openSinkStore } from './demo/sink-store.ts';
import { runProcess } from './supervisor/run-process.ts';
import type { Supervised } from './supervisor/supervised.ts';

export type DemoSink = Readonly<{ smtpPort: number; pagesPort: number; close: () => Promise<void> }>;

export async function startDemoSink(configuration: Configuration): Promise<DemoSink> {
  const { sink, directory, publicSite, demo } = configuration;
  if (!demo || sink === undefined) throw new Error('The sink is for a demo only.');
  const store = openSinkStore(join(directory.demo, 'mailboxes'));
  const keyring = await openDemoKeyring(join(directory.demo, 'gnupg'));
  const [site] = publicSite.listen;
  const door = await openSinkDoor(sink.smtp, store, () => new Date());
  const pages = await serveSite(
    sinkSite({
      store,
      open: (raw) => openCopy(keyring.gpg, raw),
      publicSite: site ? `http://${formatHostPort(site)}/` : '/',
    }),
    sink.pages,
  );
  return {
    smtpPort: door.port,
    pagesPort: pages.port,
    close: async () => {
      await Promise.all([door.close(), pages.close()]);
      await keyring.gpg.close();
    },
  };
}

async function main(data: string, life: Supervised): Promise<void> {
  const configuration = await loadConfiguration(data);
  const sink = await startDemoSink(configuration);
  life.ready({ smtp: `127.0.0.1:${sink.smtpPort}`, pages: `127.0.0.1:${sink.pagesPort}` });
  await life.stopAsked;
  await sink.close();
  process.exit(0);
}

if (import.meta.main) runProcess(main);
