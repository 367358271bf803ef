/**
 * Attack (K3): somebody who reads PostgreSQL's log makes statements fail, on every private table, as each role: a failed
 * cast prints a value, a broken constraint the row or its key, a deadlock the statements. With the log at its most
 * talkative nothing stands there that was not in a clear column; as our own cluster is set up, not even that.
 */
import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client, type ClientConfig } from 'pg';
import { startCluster } from '../../src/adapters/postgres/cluster/cluster.ts';
import { defaultNames } from '../../src/adapters/postgres/names.ts';
import { provision, roleConnection } from '../../src/adapters/postgres/provision.ts';
import { searchCluster, tellAll } from '../stand-ins/at-rest.ts';
import { type Canary, makeCanary, manyTimes } from '../stand-ins/canary.ts';
import { address } from '../stand-ins/community.ts';
import {
  type Forced,
  forceErrors,
  type PrivateRole,
  privateRoles,
  tablesOf,
} from '../stand-ins/forced-errors.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { caseAddress, type Story, startStory } from '../stand-ins/story.ts';

const limit = { timeout: 120_000 };
const secret = makeCanary();
const began = new Date();
let story: Story;
let robin: Person;

before(async () => {
  story = await startStory({ prepare: tellAll });
  const alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  robin = await story.person('Robin', 'robin@researcher.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.order({ kind: 'administrator-add', list: 'linux-distros', address: address(alice.address) });
  const report = { from: robin, to: 'linux-distros@lists.example.org', body: manyTimes(secret) } as const;
  const sealed = { ...report, seal: 'linux-distros', signer: robin };
  await story.tell({ ...sealed, subject: `[vs] ${secret.word}`, enclose: robin });
  await story.tell({ ...report, subject: `[vs] ${secret.word} in clear` });
  await story.tell({ ...report, subject: 'held' });
  const [number = ''] = await story.cases();
  await story.tell({ ...sealed, from: alice, signer: alice, to: caseAddress(number), subject: 'Re:' });
}, limit);
after(() => story.close());

/** What a finder looks for besides the word: whose key it is (K3), in each dress that a log could give it. */
function fingerprint(of: Person): (bytes: Buffer) => readonly string[] {
  const raw = Buffer.from(of.fingerprint, 'hex');
  const dresses = [of.fingerprint, of.fingerprint.toLowerCase(), raw.toString('base64').slice(0, 24)];
  return (bytes) =>
    bytes.includes(raw) || dresses.some((dress) => bytes.includes(dress)) ? ['fingerprint'] : [];
}

const inStory = (role: PrivateRole): ClientConfig =>
  role === 'superuser' ? story.databases.superuser('private') : story.databases.as(role, 'private');

let forced: Forced = { errors: {}, tables: [] };

test('every private table fails as each role, in every way', limit, async () => {
  forced = await forceErrors(inStory);
  assert.ok(forced.tables.length >= 15, `${forced.tables}`);
  // Values that a cast prints, rows, keys, rights, row security, deadlock, no room, cancelled.
  for (const code of ['22P02', '23502', '23505', '42501', '40P01', '53400', '57014', '22001', '23503'])
    assert.ok((forced.errors[code] ?? 0) > 0, `${code}: ${JSON.stringify(forced.errors)}`);
});

test('the most talkative log holds the failures, and no word and no key of anybody', limit, async () => {
  const errors = await searchCluster(story, began, (bytes) =>
    bytes.includes('ERROR:  invalid input syntax') ? ['error'] : [],
  );
  assert.ok(
    errors.some(({ place }) => place.endsWith('.log')),
    'the log has them',
  );
  assert.deepEqual(
    await searchCluster(story, began, (bytes) => [...secret.findIn(bytes), ...fingerprint(robin)(bytes)]),
    [],
  );
});

test(
  'a value that did stand in a column in clear would have been printed: the test can fail',
  limit,
  async () => {
    const planted = makeCanary();
    await story.query(`UPDATE cases SET list = $1`, [planted.word]);
    await forceErrors(inStory, ['cases']);
    const finds = await searchCluster(story, began, planted.findIn);
    assert.ok(finds.some(({ place }) => place.endsWith('.log')));
  },
);

test(
  'as our own cluster is set up, a failure leaves no value in the log at all, clear or not',
  limit,
  async (context) => {
    const parent = await mkdtemp(join(tmpdir(), 'embargod-e-'));
    await chmod(parent, 0o711);
    context.after(() => rm(parent, { recursive: true, force: true }));
    const cluster = await startCluster({
      directory: join(parent, 'c'),
      authentication: 'trust',
      durability: 'disposable',
    });
    context.after(cluster.stop);
    const admin = { host: cluster.socketDirectory, user: cluster.superuser, database: 'postgres' };
    await provision({ admin, names: defaultNames, ownCluster: true });
    const planted = makeCanary();
    await plantEverywhere({ ...admin, database: defaultNames.privateDatabase }, planted);
    const failed = await forceErrors((role) =>
      role === 'superuser'
        ? { ...admin, database: defaultNames.privateDatabase }
        : roleConnection(admin, defaultNames, 'private', role),
    );
    assert.ok(
      Object.values(failed.errors).reduce((sum, count) => sum + count, 0) > 300,
      JSON.stringify(failed.errors),
    );
    const log = await readFile(join(parent, 'c/postgresql.log'));
    assert.ok(log.includes('database system is ready'), 'there is a log');
    assert.deepEqual(planted.findIn(log), []);
    assert.ok(!log.includes('ERROR'), 'errors go to the client only');
  },
);

/** A row in each table with the word wherever text or bytes may stand. */
async function plantEverywhere(superuser: ClientConfig, planted: Canary): Promise<void> {
  const client = new Client(superuser);
  await client.connect();
  try {
    await client.query('SET session_replication_role = replica');
    for (const { name, columns } of await tablesOf(client)) {
      const filled = columns.filter(
        ({ type }) => type === 'short_text' || type === 'text' || type === 'bytea',
      );
      if (filled.length === 0) continue;
      const others = columns.filter((one) => !filled.includes(one) && one.required && !one.hasDefault);
      const names = [...filled, ...others].map((one) => `"${one.name}"`);
      const values = [...filled.map(() => '$1'), ...others.map(({ sample }) => sample)];
      const casts = values.map((value, index) =>
        value === '$1' ? `$1::text::${filled[index]?.type === 'bytea' ? 'bytea' : 'text'}` : value,
      );
      await client.query(
        `INSERT INTO ${name} (${names}) OVERRIDING SYSTEM VALUE VALUES (${casts}) ON CONFLICT DO NOTHING`,
        [planted.word],
      );
    }
  } finally {
    await client.end();
  }
}

test('every role that may enter the private database took part', () => {
  assert.deepEqual([...privateRoles].sort(), ['intake', 'keyholder', 'operator', 'sender', 'superuser']);
});
