/**
 * Attack: a mail takes over its reader, and the reader reaches out: carries mail away, or knocks at a port of this
 * machine where another process of ours would believe it (P3). A program in the opener's place, started by the real
 * supervisor, tries every kind of socket.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { mayFence } from '../../src/run/supervisor/network-fence.ts';
import type { ProcessSpec } from '../../src/run/supervisor/process-spec.ts';
import { supervise } from '../../src/run/supervisor/supervisor.ts';
import { logLines } from '../stand-ins/log-lines.ts';

const limit = { timeout: 30_000 };
const root = process.getuid?.() === 0;
/** As in an installation: a user of its own, where we can give it one. */
const user = root ? { user: { uid: 65_534, gid: 65_534 } } : {};
const possible = mayFence(user.user);
const place = possible ? '' : ' (skipped: this kernel lets nobody make an empty network)';
const abstract = `embargod-test-${process.pid}`;
const tcp = createServer().listen(0, '::');
const local = createServer().listen(`\0${abstract}`);
let connections = 0;
for (const server of [tcp, local]) server.on('connection', () => (connections += 1));

before(() => Promise.all([tcp, local].map((server) => server.listening || once(server, 'listening'))));
after(() => {
  for (const server of [tcp, local]) server.close();
});

function fixture(name: string, file: string, args: readonly string[]): ProcessSpec {
  return { name, file: new URL(`../fixtures/supervisor/${file}.ts`, import.meta.url), args };
}

async function reached(withoutNetwork: boolean): Promise<Readonly<Record<string, string>>> {
  const address = tcp.address();
  assert.ok(typeof address === 'object' && address !== null);
  const { log, line } = logLines();
  const reaching = fixture('opener', 'reach-out', [String(address.port), abstract]);
  const limits = { dataBytes: 1_500_000_000, openFiles: 64, ...(root ? { processes: 64 } : {}) };
  const opener = { ...reaching, ...user, limits, withoutNetwork };
  const supervision = await supervise({
    processes: [{ ...fixture('keyholder', 'keyholder', []), opener }],
    log,
  });
  try {
    const { text } = await line(/^opener: \{/);
    return JSON.parse(text.slice('opener: '.length));
  } finally {
    await supervision.stop();
  }
}

test(`a program in the opener’s place reaches no address and no abstract socket, and may not raise a network${place}`, {
  ...limit,
  skip: !possible,
}, async () => {
  const said = await reached(true);
  assert.deepEqual(said, {
    ipv4: 'ENETUNREACH',
    // Loopback is down, so this address is nobody's.
    ipv6: said.ipv6 === 'ENETUNREACH' ? 'ENETUNREACH' : 'EADDRNOTAVAIL',
    abstract: 'ECONNREFUSED',
    udp: 'ENETUNREACH',
    // It may bind in its own empty network, where nobody comes.
    listens: said.listens,
    administers: 'may not',
    user: String(user.user?.uid ?? process.getuid?.()),
    capabilities: '0000000000000000',
  });
  assert.equal(connections, 0);
});

test('the same program without the fence reaches all of them: the test can fail', limit, async () => {
  const { ipv4, abstract: unix, udp, listens } = await reached(false);
  assert.deepEqual([ipv4, unix, udp, listens], ['connected', 'connected', 'sent', 'listening']);
  assert.ok(connections >= 2);
});
