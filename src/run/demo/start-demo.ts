/** `embargod demo start`, which is what `npm start` runs: makes or finds the demo, runs it, and says how to use it. */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Answer } from '../../message/requests/request.ts';
import { serverProcessNames } from '../commands/deed.ts';
import { progressBar, say } from '../commands/progress.ts';
import type { Configuration } from '../config/configuration.ts';
import { dataDirectory } from '../config/data-directory.ts';
import { loadConfiguration } from '../config/load-configuration.ts';
import { printConfiguration } from '../config/print-configuration.ts';
import { ConfigurationError } from '../config/read-configuration.ts';
import { initialise } from '../init/initialise.ts';
import { openOperatorDesk } from '../operator-desk.ts';
import { startServer } from '../run-server.ts';
import { runningServer } from '../server-state.ts';
import { runUntilSignal } from '../supervisor/run-until-signal.ts';
import { demoPeople } from './community.ts';
import { demoDirectory } from './demo-directory.ts';
import { demoGuide } from './demo-guide.ts';
import { defaultPortBase, demoValues } from './demo-values.ts';
import { ensureGnupg } from './ensure-gnupg.ts';
import { foundCommunity } from './found-community.ts';
import { demandFreePorts } from './free-ports.ts';
import { type DemoKeyring, openDemoKeyring } from './keyring.ts';

export async function startDemo(data: string | undefined, portBase: number | undefined): Promise<Answer> {
  ensureGnupg(say);
  const configuration = await findOrMake(resolve(data ?? demoDirectory()), portBase);
  const { smtp, lmtp, publicSite, sink } = configuration;
  const other = await runningServer(configuration);
  if (other !== undefined) {
    return {
      kind: 'refused',
      reason: `This demo runs already (process ${other}); \`embargod demo where\` says where.`,
    };
  }
  const sinkPlaces = sink ? [sink.smtp, sink.pages] : [];
  await demandFreePorts([...smtp.listen, ...lmtp.listen, ...publicSite.listen, ...sinkPlaces]);
  const keyring = await openDemoKeyring(join(configuration.directory.demo, 'gnupg'));
  try {
    await makeKeys(keyring);
    await serve(configuration, keyring);
  } finally {
    await keyring.gpg.close();
  }
  return {
    kind: 'done',
    text: ['Stopped. `npm start` finds everything as it was.'],
    data: { stopped: true },
  };
}

async function findOrMake(root: string, portBase: number | undefined): Promise<Configuration> {
  const { configuration: file, demo } = dataDirectory(root);
  if (!existsSync(file)) {
    say(`Making a demo in ${root}.`);
    const values = demoValues(portBase ?? defaultPortBase);
    const { configuration: made } = await initialise({
      data: root,
      values,
      passphrase: undefined,
      databaseUrl: undefined,
      say,
    });
    await mkdir(demo, { mode: 0o700 });
    return made;
  }
  const found = await loadConfiguration(root);
  if (!found.demo) {
    throw new ConfigurationError(
      `${root} is no demo, and never becomes one; name another directory with --data.`,
    );
  }
  await mkdir(demo, { recursive: true, mode: 0o700 });
  if (portBase === undefined) return found;
  await writeFile(file, printConfiguration(demoValues(portBase)));
  return loadConfiguration(root);
}

async function makeKeys(keyring: DemoKeyring): Promise<void> {
  const bar = progressBar('Keys of invented people');
  await keyring.makeKeys(demoPeople, bar.to);
  bar.end();
}

async function serve(configuration: Configuration, keyring: DemoKeyring): Promise<void> {
  say('Starting the database, five processes and the sink.');
  const file = new URL('../demo-sink.ts', import.meta.url);
  const sink = { name: 'sink', file, args: [configuration.directory.root] };
  const server = await startServer({ configuration, only: serverProcessNames, besides: [sink] });
  try {
    const desk = await openOperatorDesk(configuration);
    try {
      const bar = progressBar('Founding the community');
      await foundCommunity({ configuration, keyring, ask: desk.ask, progress: bar.to });
      bar.end();
    } finally {
      await desk.close();
    }
    for (const line of await demoGuide(configuration)) process.stdout.write(`${line}\n`);
  } catch (error) {
    await server.stop();
    throw error;
  }
  await runUntilSignal(server, 'stops');
}
