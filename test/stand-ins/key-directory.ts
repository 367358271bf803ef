/**
 * A Web Key Directory on loopback: real HTTPS with an authority of its own, for the hosts of the story and no others. What
 * asks it is the real `askDirectory`, told only where this small world is.
 */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askDirectory, type World } from '../../src/adapters/key-directory/ask-directory.ts';
import { directoryPlaces } from '../../src/adapters/key-directory/directory-url.ts';
import { openLookUpStore } from '../../src/adapters/postgres/lookup-store.ts';
import type { AskDirectory } from '../../src/message/look-up/key-lookup.ts';
import { lookUpDue } from '../../src/run/look-up-keys.ts';
import { day } from '../../src/time/instant.ts';
import { address } from './community.ts';
import type { RunningList } from './running-list.ts';

export type Page = Uint8Array | ((request: IncomingMessage, response: ServerResponse) => void);

export type KeyDirectory = Readonly<{
  world: World;
  ask: AskDirectory;
  /** What the directory of this address says; undefined: nothing. Nobody else's is there. */
  publish: (mailbox: string, page: Page | undefined) => void;
  /** `HOST PATH` of everything that was asked. */
  asked: readonly string[];
  close: () => Promise<void>;
}>;

export async function startKeyDirectory(
  hosts: readonly string[],
  changes: Partial<World> = {},
): Promise<KeyDirectory> {
  const tls = authorityFor(hosts);
  const pages = new Map<string, Page>();
  const asked: string[] = [];
  const server = createServer(tls, (request, response) => {
    const name = `${request.headers.host?.replace(/:\d+$/, '')} ${request.url}`;
    asked.push(name);
    const page = pages.get(name);
    if (typeof page === 'function') return page(request, response);
    response.statusCode = page ? 200 : 404;
    response.end(page);
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const place = server.address();
  const world: World = {
    lookup: (host, _options, done) => {
      if (hosts.includes(host)) return done(null, [{ address: '127.0.0.1', family: 4 }]);
      done(Object.assign(new Error('unknown host'), { code: 'ENOTFOUND' }), []);
    },
    isAllowed: () => true,
    port: typeof place === 'object' && place ? place.port : 0,
    authorities: tls.cert,
    within: 20_000,
    ...changes,
  };
  return {
    world,
    ask: askDirectory(world),
    publish: (mailbox, page) => {
      const places = directoryPlaces(address(mailbox));
      for (const one of places ? [places.advanced, places.direct] : []) {
        if (page === undefined) pages.delete(`${one.host} ${one.path}`);
        else pages.set(`${one.host} ${one.path}`, page);
      }
    },
    asked,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A day goes by in the story: everybody's hour comes once, and the keyholder hears what was said. */
export async function askForADay(list: RunningList, ask: AskDirectory): Promise<void> {
  // The keyholder says first who is to be asked.
  await list.settle();
  list.pass(day);
  const store = openLookUpStore(list.databases.as('sender'));
  const log = { info: () => undefined, warn: () => undefined };
  try {
    await lookUpDue({ store, ask, clock: list.now, log });
  } finally {
    await store.close();
  }
  await list.settle();
}

function authorityFor(hosts: readonly string[]): Readonly<{ key: string; cert: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'wkd-'));
  try {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const names = hosts.map((host) => `DNS:${host}`).join(',');
    const made = spawnSync('openssl', [
      ...[
        'req',
        '-x509',
        '-nodes',
        '-days',
        '3',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
      ],
      ...['-keyout', key, '-out', cert, '-subj', '/CN=key directory', '-addext', `subjectAltName=${names}`],
    ]);
    if (made.status !== 0) throw new Error(`openssl made no certificate:\n${made.stderr}`);
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
