import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { logLines } from '../../../test/stand-ins/log-lines.ts';
import { startCluster } from '../../adapters/postgres/cluster/cluster.ts';
import { embeddedDatabase } from './embedded-database.ts';
import type { ProcessSpec } from './process-spec.ts';
import { supervise } from './supervisor.ts';

const limit = { timeout: 30_000 };

function fixture(name: string, file = 'worker', args: readonly string[] = [name]): ProcessSpec {
  return { name, file: new URL(`../../../test/fixtures/supervisor/${file}.ts`, import.meta.url), args };
}

test('processes start in order, say their facts, and stop in reverse order', limit, async () => {
  const { lines, log } = logLines();
  const supervision = await supervise({
    processes: [fixture('sender'), fixture('keyholder'), fixture('intake')],
    log,
  });
  assert.deepEqual(Object.keys(supervision.facts), ['sender', 'keyholder', 'intake']);
  assert.equal(supervision.facts.intake?.pid, String(supervision.pid('intake')));
  await supervision.stop();
  assert.deepEqual(
    lines.filter((line) => line.endsWith('stops')),
    ['intake: stops', 'keyholder: stops', 'sender: stops'],
  );
});

test('nothing of our environment reaches a process but what its spec names', limit, async () => {
  process.env.NODE_OPTIONS_CANARY = 'x';
  const spec = { ...fixture('intake'), environment: { ONLY_THIS: '1' } };
  const supervision = await supervise({ processes: [spec], log: () => {} });
  assert.equal(
    supervision.facts.intake?.variables,
    'EMBARGOD_SUPERVISED LANG MALLOC_MMAP_THRESHOLD_ ONLY_THIS PATH TZ',
  );
  await supervision.stop();
  delete process.env.NODE_OPTIONS_CANARY;
});

test('a process killed with -9 is started again, and the others are left alone', limit, async () => {
  const { log, line } = logLines();
  const supervision = await supervise({ processes: [fixture('sender'), fixture('intake')], log });
  const [sender, intake] = [supervision.pid('sender'), supervision.pid('intake')];
  process.kill(intake ?? 0, 'SIGKILL');
  await line(/intake: ended \(signal SIGKILL\); starting again in 0\.25 s/);
  while (supervision.pid('intake') === undefined) await new Promise((resolve) => setImmediate(resolve));
  assert.notEqual(supervision.pid('intake'), intake);
  assert.equal(supervision.pid('sender'), sender);
  await supervision.stop();
});

test('a database killed with -9 is started again, and stops last', { timeout: 60_000 }, async (context) => {
  const parent = await mkdtemp(join(tmpdir(), 'embargod-s-'));
  await chmod(parent, 0o711);
  context.after(() => rm(parent, { recursive: true, force: true }));
  const { lines, log, line } = logLines();
  let starts = 0;
  const start = async () => {
    const cluster = await startCluster({ directory: join(parent, 'c') });
    starts += 1;
    log('database', `runs ${starts}`);
    void cluster.ended.then(() => log('database', 'is gone'));
    return cluster;
  };
  const supervision = await supervise({
    database: () => embeddedDatabase(start),
    processes: [fixture('intake')],
    log,
  });
  process.kill(supervision.pid('database') ?? 0, 'SIGKILL');
  await line(/^database: runs 2/);
  await supervision.stop();
  assert.deepEqual(lines.slice(-2), ['intake: stops', 'database: is gone']);
});

test('SIGHUP is passed on to every process', limit, async () => {
  const { log, line } = logLines();
  const supervision = await supervise({ processes: [fixture('sender'), fixture('intake')], log });
  supervision.reload();
  await Promise.all([line(/^sender: reloads/), line(/^intake: reloads/)]);
  await supervision.stop();
});

test('one that cannot start stops the others again and is named', limit, async () => {
  const { log, line } = logLines();
  const start = supervise({ processes: [fixture('sender'), fixture('intake', 'never-ready')], log });
  await assert.rejects(start, /intake did not start: ended before it was ready \(exit code 1\)/);
  await line(/^sender: stops/);
  await line(/^intake: the port is taken/);
});

test(
  'a keyholder gets its opener, whole answers included, and a new one when that is killed',
  limit,
  async () => {
    const { log, line } = logLines();
    const opener = { ...fixture('opener', 'opener', []), limits: { openFiles: 64, dataBytes: 1 << 30 } };
    const supervision = await supervise({
      processes: [{ ...fixture('keyholder', 'keyholder'), opener }],
      log,
    });
    const first = await line(/^keyholder: answer/);
    const { text } = await line(/^opener: pid/);
    process.kill(Number(text.split(' ')[2]), 'SIGKILL');
    const second = await line(/^keyholder: answer/, first.next);
    assert.equal(second.text, first.text);
    process.kill(supervision.pid('keyholder') ?? 0, 'SIGKILL');
    const third = await line(/^keyholder: answer/, second.next);
    assert.equal(third.text, first.text);
    await supervision.stop();
  },
);

test('an opener that does not answer is ended when its keyholder says so, and replaced', limit, async () => {
  const { log, line } = logLines();
  const opener = fixture('opener', 'opener', []);
  const supervision = await supervise({ processes: [{ ...fixture('keyholder', 'keyholder'), opener }], log });
  const first = await line(/^keyholder: answer/);
  const { text } = await line(/^opener: pid/);
  // Stopped, it hears of nothing: neither of its socket's end nor of a request to end.
  process.kill(Number(text.split(' ')[2]), 'SIGSTOP');
  process.kill(supervision.pid('keyholder') ?? 0, 'SIGUSR2');
  await line(/^keyholder: answer/, first.next);
  await supervision.stop();
});

test('a busy supervisor takes no byte of what opener and keyholder say to each other', limit, async () => {
  const { log, line } = logLines();
  const opener = fixture('opener', 'opener', []);
  // The supervisor is this process: it is kept from its work while the two would talk.
  const stop = new AbortController();
  const busy = setInterval(() => {
    const end = performance.now() + 100;
    while (performance.now() < end);
  }, 1);
  stop.signal.addEventListener('abort', () => clearInterval(busy));
  const supervision = await supervise({ processes: [{ ...fixture('keyholder', 'keyholder'), opener }], log });
  await line(/^keyholder: answer/);
  stop.abort();
  await supervision.stop();
});

test('processes end in good order by themselves when their supervisor is killed', limit, async () => {
  const watch = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
  await once(watch, 'listening');
  const address = watch.address();
  assert.ok(typeof address === 'object' && address !== null);
  const connected = once(watch, 'connection');
  const supervisor = spawn(
    process.execPath,
    [decodeURIComponent(fixture('supervisor', 'supervisor').file.pathname), String(address.port)],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const [worker] = await connected;
  supervisor.kill('SIGKILL');
  await once(worker, 'close');
  watch.close();
});
