import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { type Cluster, startCluster } from './cluster.ts';
import { isClusterProblem } from './cluster-problem.ts';
import { ownName } from './database-user.ts';

const limit = { timeout: 60_000 };

/** A folder that the database's user can walk into, and what stops and removes everything in it. */
async function place(context: TestContext, name = 'c') {
  const parent = await mkdtemp(join(tmpdir(), 'embargod-c-'));
  await chmod(parent, 0o711);
  const clusters: Cluster[] = [];
  context.after(async () => {
    for (const cluster of clusters) await cluster.stop();
    await rm(parent, { recursive: true, force: true });
  });
  const stopLater = (cluster: Cluster) => {
    clusters.push(cluster);
    return cluster;
  };
  return { directory: join(parent, name), stopLater };
}

async function query(cluster: Cluster, sql: string, user = cluster.superuser): Promise<unknown[]> {
  const client = new pg.Client({ host: cluster.socketDirectory, user, database: 'postgres' });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

test(
  'a cluster keeps its data over a stop, is durable and checksummed, and has no port',
  limit,
  async (context) => {
    const { directory, stopLater } = await place(context);
    const first = await startCluster({ directory });
    await query(first, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    const second = stopLater(await startCluster({ directory }));
    assert.deepEqual(await query(second, 'SELECT answer FROM kept'), [42]);
    const settings = `SELECT current_setting(name) FROM unnest(ARRAY['fsync', 'data_checksums', 'listen_addresses',
    'TimeZone', 'server_encoding', 'full_page_writes', 'synchronous_commit']) AS name`;
    assert.deepEqual(await query(second, settings), ['on', 'on', '', 'UTC', 'UTF8', 'on', 'on']);
    assert.deepEqual(await query(second, `SELECT lower('Ä'), 'Z' < 'a'`), ['ä', true]);
  },
);

test('an operating-system user is only the roles that are mapped to it', limit, async (context) => {
  const { directory, stopLater } = await place(context);
  const mappings = [{ osUser: ownName(), roles: ['intake'] }];
  const cluster = stopLater(await startCluster({ directory, mappings }));
  for (const role of ['intake', 'keyholder']) await query(cluster, `CREATE ROLE ${role} LOGIN`);
  assert.deepEqual(await query(cluster, 'SELECT current_user::text', 'intake'), ['intake']);
  await assert.rejects(query(cluster, 'SELECT 1', 'keyholder'), { code: '28000' });
});

test('the log tells nothing of what a failing statement carried', limit, async (context) => {
  const { directory, stopLater } = await place(context);
  const cluster = stopLater(await startCluster({ directory }));
  const failing = [
    `SELECT 'canary-literal'::integer`,
    `CREATE TABLE checked (word text CHECK (word = 'x')); INSERT INTO checked VALUES ('canary-row')`,
    `DO $$ BEGIN RAISE WARNING 'canary-warning'; RAISE EXCEPTION 'canary-raised'; END $$`,
  ];
  for (const sql of failing) await assert.rejects(query(cluster, sql));
  await cluster.stop();
  const log = await readFile(join(directory, 'postgresql.log'), 'utf8');
  assert.match(log, /ready to accept connections/);
  assert.doesNotMatch(log, /canary/);
});

test('a server left over from our kill -9 is adopted, and stops when told', limit, async (context) => {
  const { directory } = await place(context);
  const fixture = fileURLToPath(
    new URL('../../../../test/fixtures/cluster/start-and-wait.ts', import.meta.url),
  );
  const predecessor = spawn(process.execPath, [fixture, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = await once(predecessor.stdout, 'data');
  await assert.rejects(startCluster({ directory }), (error) => isClusterProblem(error, 'cluster-in-use'));
  predecessor.kill('SIGKILL');
  await once(predecessor, 'exit');
  const cluster = await startCluster({ directory });
  assert.equal(cluster.adopted, true);
  assert.equal(cluster.pid, Number(String(said)));
  assert.deepEqual(await query(cluster, 'SELECT 1'), [1]);
  await cluster.stop();
  await assert.rejects(query(cluster, 'SELECT 1'));
});

test('what was committed is there after the server is killed with -9', limit, async (context) => {
  const { directory, stopLater } = await place(context);
  const first = await startCluster({ directory });
  await query(first, 'CREATE TABLE kept AS SELECT 7 AS answer');
  process.kill(first.pid, 'SIGKILL');
  await first.ended;
  const second = stopLater(await startAgain(directory));
  assert.equal(second.adopted, false);
  assert.deepEqual(await query(second, 'SELECT answer FROM kept'), [7]);
});

async function writeVersion(directory: string, major: string): Promise<void> {
  await writeFile(join(directory, 'data', 'PG_VERSION'), `${major}\n`);
}

/** The killed server's own children hold its memory a moment longer; the supervisor tries again, and so do we. */
async function startAgain(directory: string): Promise<Cluster> {
  for (;;) {
    try {
      return await startCluster({ directory });
    } catch (error) {
      if (!isClusterProblem(error, 'start-failed')) throw error;
    }
  }
}

test(
  'the binaries from npm serve where the machine has none, and refuse data of another version',
  limit,
  async (context) => {
    const { directory, stopLater } = await place(context);
    const cluster = stopLater(await startCluster({ directory, embeddedOnly: true }));
    const [version] = await query(cluster, `SELECT current_setting('server_version_num')::integer / 10000`);
    assert.equal(version, 18);
    assert.deepEqual(await query(cluster, `SELECT lower('Ä'), 'Z' < 'a'`), ['ä', true]);
    await cluster.stop();
    await writeVersion(directory, '14');
    await assert.rejects(
      startCluster({ directory }),
      (error) => isClusterProblem(error, 'other-major-version') && /PostgreSQL 14/.test(String(error)),
    );
  },
);

test('a path too long for a socket gets a short one, the same at the next start', limit, async (context) => {
  const { directory, stopLater } = await place(context, 'c'.repeat(90));
  const first = await startCluster({ directory });
  context.after(() => rm(first.socketDirectory, { recursive: true, force: true }));
  assert.ok(first.socketDirectory.length < 60);
  await first.stop();
  const second = stopLater(await startCluster({ directory }));
  assert.equal(second.socketDirectory, first.socketDirectory);
});

test('started by root below a closed folder it says which path to choose', limit, async (context) => {
  if (process.getuid?.() !== 0) return context.skip('only root lends its database another user');
  const { directory } = await place(context);
  await chmod(join(directory, '..'), 0o700);
  await assert.rejects(
    startCluster({ directory }),
    (error) => isClusterProblem(error, 'data-path-not-traversable') && String(error).includes('/var/lib'),
  );
});
