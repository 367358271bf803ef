import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Client } from 'pg';
import { type DatabasePair, databasePair } from '../../../test/stand-ins/database-pair.ts';
import { at } from '../../../test/stand-ins/database-rows.ts';
import type { DirectoryEntry } from '../../publication/directory-record.ts';
import { type OpenInboxStore, openInboxStore } from './inbox-store.ts';
import {
  openPublicKeeperStore,
  openPublicReader,
  openPublicRecordStore,
  type PublicKeeperStore,
  type PublicReader,
  type PublicRecordStore,
} from './public-store.ts';

let pair: DatabasePair;
let intake: OpenInboxStore;
let keeper: PublicKeeperStore;
let keyholder: PublicRecordStore;
let site: PublicReader;

const entry: DirectoryEntry = {
  name: 'linux-distros',
  kind: 'private',
  address: 'linux-distros@lists.example.org',
  title: 'Distributions of Linux',
  certificate: '-----BEGIN PGP PUBLIC KEY BLOCK-----',
  since: at,
};

beforeEach(async () => {
  pair = await databasePair();
  intake = openInboxStore({ private: pair.as('intake'), public: pair.as('intake', 'public') });
  keeper = openPublicKeeperStore(pair.as('public_keeper', 'public'));
  keyholder = openPublicRecordStore(pair.as('keyholder', 'public'));
  site = openPublicReader(pair.as('public_site', 'public'));
});
afterEach(async () => {
  await Promise.all([intake.close(), keeper.close(), keyholder.close(), site.close()]);
  await pair.drop();
});

test('a directory record of the keyholder becomes what the site shows, and the next one replaces it', async () => {
  for (const lists of [[entry, { ...entry, name: 'distros' }], [entry]]) {
    await keyholder.handOver({ id: `record-${lists.length}`, at, record: JSON.stringify({ lists }) });
    const taken = await keeper.withItem(async (item) => {
      assert.equal(item.kind, 'record');
      assert.equal(Buffer.from(item.raw).toString(), JSON.stringify({ lists }));
      return { state: 'done', directory: lists };
    });
    assert.equal(taken, true);
  }
  assert.deepEqual(await site.lists(), [entry]);
  assert.deepEqual(await keyholder.lists(), [entry]);
  assert.equal(await keeper.withItem(async () => assert.fail('none waits')), false);
});

test('the same record handed over twice is there once', async () => {
  const record = { id: 'record-1', at, record: '{}' };
  await keyholder.handOver(record);
  await keyholder.handOver(record);
  assert.equal(await keeper.withItem(async () => ({ state: 'done' })), true);
  assert.equal(await keeper.withItem(async () => assert.fail('none waits')), false);
});

test('public mail comes to its keeper whole and wakes it; work that fails leaves it waiting', async () => {
  await keeper.waitForWork(60_000);
  const woken = keeper.waitForWork(60_000);
  const mail = {
    id: 'mail',
    receivedAt: at,
    lists: ['oss-security'],
    envelope: '{}',
    raw: Buffer.from([0, 255, 10]),
  };
  await intake.insertPublic(mail);
  await woken;
  await assert.rejects(
    keeper.withItem(async () => {
      throw new Error('the parser fell over');
    }),
  );
  await keeper.withItem(async (item) => {
    assert.deepEqual(item, { ...mail, kind: 'mail' });
    return { state: 'done' };
  });
});

test('a mail that ends whoever reads it is held after three times, and the next one is looked at', async () => {
  const row = { receivedAt: at, lists: ['oss-security'], envelope: '{}' };
  await intake.insertPublic({ ...row, id: 'bad', raw: Buffer.from('x') });
  await intake.insertPublic({ ...row, id: 'good', raw: Buffer.from('y') });
  const ends = () => Promise.reject(new Error('the process is gone'));
  for (let time = 0; time < 3; time += 1) await assert.rejects(keeper.withItem(ends));
  assert.equal(await keeper.withItem(ends), true);
  const seen: string[] = [];
  await keeper.withItem(async ({ id }) => {
    seen.push(id);
    return { state: 'done' };
  });
  assert.deepEqual(seen, ['good']);
  assert.deepEqual(await rows('SELECT id, state, held_for FROM inbox ORDER BY id'), [
    { id: 'bad', state: 'held', held_for: ['ended-its-reader'] },
    { id: 'good', state: 'done', held_for: [] },
  ]);
  assert.deepEqual(await rows('SELECT subject FROM attempts'), []);
});

test('so is a request, and the mail that it is about stays held', async () => {
  const operator = new Client(pair.as('operator', 'public'));
  await operator.connect();
  await operator.query(`INSERT INTO requests (id, statement, signature) VALUES ('r', '{}', $1)`, [
    new Uint8Array(64),
  ]);
  await operator.end();
  const ends = () => Promise.reject(new Error('the process is gone'));
  for (let time = 0; time < 3; time += 1) await assert.rejects(keeper.withRequest(ends));
  assert.equal(await keeper.withRequest(ends), true);
  assert.equal(await keeper.withRequest(ends), false);
  assert.deepEqual(await rows('SELECT state FROM requests'), [{ state: 'refused' }]);
});

async function rows(sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client(pair.superuser('public'));
  await client.connect();
  const found = await client.query(sql);
  await client.end();
  return found.rows;
}
