/**
 * A real installation to measure: `embargod init`, then `embargod run` with every process of its own and an embedded
 * PostgreSQL with all its fsyncs. Lists are founded through the operator's requests, outside of what is measured.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseAddress } from '../../../src/mail/address.ts';
import type { Request } from '../../../src/message/requests/request.ts';
import { loadConfiguration } from '../../../src/run/config/load-configuration.ts';
import { loadPreset } from '../../../src/run/config/load-preset.ts';
import { type OperatorDesk, openOperatorDesk } from '../../../src/run/operator-desk.ts';
import {
  embargod,
  freePorts,
  openDirectory,
  type Started,
  startEmbargod,
} from '../../stand-ins/real-server.ts';
import { isDatabase, treeOf, type Usage, usageOf } from './process-usage.ts';
import type { Progress } from './progress.ts';
import { makeReaders } from './readers.ts';

export type MeasuredServer = Readonly<{
  /** Its data directory. */
  data: string;
  smtpPort: number;
  sitePort: number;
  /** Ends it, if it runs, and starts it anew: cold. `only` as in `embargod run --only`. */
  restart: (only?: readonly string[]) => Promise<void>;
  /** Makes a private list with so many readers; gives its key. */
  found: (list: string, readers: number, progress: Progress) => Promise<string>;
  /** Makes a public list, and sees it in the public directory. */
  foundPublic: (list: string) => Promise<void>;
  usage: () => Usage;
  /** Our processes, PostgreSQL's not among them. */
  ours: () => readonly number[];
  /** Rows of the outbox that are still to go out, or cannot. */
  unsettled: () => Promise<number>;
  close: () => Promise<void>;
}>;

const domain = 'lists.example.org';

export function listAddress(list: string): string {
  return `${list}@${domain}`;
}

/** What one peer may ask, out of the way of a bench that is one peer. */
const widerLimits = ['messages_per_minute = 100000', 'connections_per_address = 1000', 'connections = 1000'];

export async function startMeasuredServer(relayPort: number): Promise<MeasuredServer> {
  const directory = await openDirectory();
  const data = join(directory.path, 'data');
  const [smtpPort = 0, sitePort = 0] = await freePorts(2);
  const ran = await embargod([
    'init',
    '--domain',
    domain,
    '--data',
    data,
    '--unprotected-keys',
    '--shared-user',
    '--smtp',
    `127.0.0.1:${smtpPort}`,
    '--public-site',
    `127.0.0.1:${sitePort}`,
    '--relay',
    `127.0.0.1:${relayPort}`,
  ]);
  if (ran.code !== 0) throw new Error(`embargod init exited with ${ran.code}:\n${ran.stderr}`);
  await configure(data);
  let server: Started | undefined;
  let desk: OperatorDesk | undefined;
  const stop = async () => {
    await desk?.close();
    desk = undefined;
    await server?.stop();
    server = undefined;
  };
  const start = async (only: readonly string[] = []) => {
    server = startEmbargod(['run', '--data', data, ...(only.length > 0 ? ['--only', only.join(',')] : [])]);
    await server.line(/embargod runs/);
    desk = await openOperatorDesk(await loadConfiguration(data));
    return desk;
  };
  const running = async () => desk ?? (await start());
  const tree = () => treeOf(server?.pid ?? 0);
  return {
    data,
    smtpPort,
    sitePort,
    restart: async (only) => {
      await stop();
      await start(only);
    },
    found: async (list, readers, progress) => found(await running(), { list, readers, progress }),
    foundPublic: async (name) => {
      const settings = { ...(await loadPreset('oss-security')), name };
      await askFor(await running(), { kind: 'list-add', settings });
      while (!(await fetch(`http://127.0.0.1:${sitePort}/${name}/`)).ok) await delay(200);
    },
    usage: () => usageOf(tree()),
    ours: () => tree().filter((pid) => !isDatabase(pid)),
    unsettled: async () => (await (await running()).store.outbox({ all: false })).length,
    close: async () => {
      await stop();
      await directory.remove();
    },
  };
}

async function configure(data: string): Promise<void> {
  const file = join(data, 'embargod.toml');
  const text = await readFile(file, 'utf8');
  await writeFile(
    file,
    text
      .replace('[limits]\n', `[limits]\n${widerLimits.join('\n')}\n`)
      // No name server is asked by a bench.
      .replace('[authentication]\n', '[authentication]\nresolver = "off"\n'),
  );
}

/** Requests under way at one time: the keyholder does one after another, but none waits for a round trip. */
const requestsAtOnce = 8;

async function found(
  desk: OperatorDesk,
  { list, readers, progress }: Readonly<{ list: string; readers: number; progress: Progress }>,
): Promise<string> {
  const ask = (request: Request) => askFor(desk, request);
  await ask({ kind: 'list-add', settings: { ...(await loadPreset('linux-distros')), name: list } });
  const member = `Readers of ${list}`;
  await ask({ kind: 'member-add', name: member, lists: [list], products: [] });
  const people = await makeReaders(list, readers);
  let next = 0;
  const work = async () => {
    for (let person = people[next++]; person !== undefined; person = people[next++]) {
      const address = parseAddress(person.address);
      if (address === undefined) throw new Error(`${person.address} is no address.`);
      await ask({ kind: 'representative-add', member, address, certificate: person.certificate });
      progress.say(`${list}: ${Math.min(next, readers)} of ${readers} readers`);
    }
  };
  await Promise.all(Array.from({ length: requestsAtOnce }, work));
  const key = await ask({ kind: 'list-key', name: list });
  return key.text.join('\n');
}

async function askFor(desk: OperatorDesk, request: Request) {
  const answer = await desk.ask(request);
  if (answer.kind === 'refused') throw new Error(`${request.kind} was refused: ${answer.reason}`);
  return answer;
}
