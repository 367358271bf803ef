import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Client } from 'pg';
import { type DatabasePair, databasePair } from '../../../test/stand-ins/database-pair.ts';
import {
  bodyRow,
  bytes,
  copyRow,
  epoch,
  inboxRow,
  readerRow,
  stepAfter,
} from '../../../test/stand-ins/database-rows.ts';
import type { DoorRow, Epoch, EpochsEnd, Purge } from '../../message/ports.ts';
import { type OpenInboxStore, openInboxStore } from './inbox-store.ts';
import { type OpenPrivateStore, openPrivateStore } from './private-store.ts';

/** What a purge does to the rows (K6), while mail goes on coming in. */
let pair: DatabasePair;
let store: OpenPrivateStore;
let inbox: OpenInboxStore;
const fresh = '2026-11.02' as Epoch;
const door: DoorRow = {
  list: 'linux-distros',
  kind: 'private',
  storageCertificate: bytes('certificate'),
  epoch: fresh,
  signature: bytes('signature'),
};
const nothing: Purge = { cases: [], details: [], inbox: [], readers: [] };
const end: EpochsEnd = {
  ended: [epoch],
  into: () => fresh,
  detail: async () => bytes('detail again'),
  home: async () => bytes('home again'),
  inbox: async () => bytes('mail again'),
};

beforeEach(async () => {
  pair = await databasePair();
  await pair.startEpoch(epoch);
  store = openPrivateStore(pair.as('keyholder'));
  inbox = openInboxStore({ private: pair.as('intake'), public: pair.as('intake', 'public') });
});
afterEach(async () => {
  await Promise.all([store.close(), inbox.close()]);
  await pair.drop();
});

async function look(sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client(pair.superuser('private'));
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return rows;
}

/** One case with a copy that was delivered, and the mail that it came by. */
async function filedCase(): Promise<void> {
  await inbox.insertPrivate(inboxRow({ id: 'report' }));
  await store.withInboxItem(async (row, commit) =>
    commit(
      stepAfter(await store.journalHead(), {
        inbox: { id: row.id, state: 'judged' },
        readers: [readerRow('reader')],
        bodies: [bodyRow('body')],
        permits: [{ id: 'permit-1', document: bytes('digests'), signature: bytes('signature') }],
        outbox: [copyRow('body', 'reader', { state: 'cancelled' })],
      }),
    ),
  );
}

test('a purge takes bodies, copies, permits, details and mail of its case, and leaves the journal', async () => {
  await filedCase();
  const found = await store.purgeable(['VS-2026-0042'], ['report']);
  assert.deepEqual(
    { ...found, outbox: found.outbox.length },
    { details: [1], readers: ['reader'], outbox: 1, epochs: [epoch], unsettled: 0 },
  );
  const purge = { ...nothing, cases: ['VS-2026-0042'], details: [1], inbox: ['report'], readers: ['reader'] };
  assert.equal(await store.commit(stepAfter(await store.journalHead(), { purge, entries: [] })), 'committed');
  for (const table of [
    'outbox',
    'bodies',
    'body_tails',
    'home_keys',
    'permits',
    'details',
    'inbox',
    'readers',
  ]) {
    assert.deepEqual(await look(`SELECT * FROM ${table}`), [], table);
  }
  assert.equal((await look('SELECT * FROM journal')).length, 1);
});

test('copies that have not left, and mail that nobody has decided on, are not taken', async () => {
  await filedCase();
  await inbox.insertPrivate(inboxRow({ id: 'waiting' }));
  const queued = stepAfter(await store.journalHead(), { outbox: [copyRow('body', 'reader')] });
  await store.commit(queued);
  assert.equal((await store.purgeable(['VS-2026-0042'], [])).unsettled, 1);
  const purge = { ...nothing, inbox: ['waiting'] };
  await store.commit(stepAfter(await store.journalHead(), { purge }));
  assert.equal((await look(`SELECT * FROM inbox WHERE id = 'waiting'`)).length, 1);
});

test('what rested under an epoch that ends is wrapped to the next, and the epoch is gone', async () => {
  await filedCase();
  const step = stepAfter(await store.journalHead(), { entries: [], doors: [door], epochsEnd: end });
  assert.equal(await store.commit(step), 'committed');
  for (const [table, text] of Object.entries({
    details: 'detail again',
    home_keys: 'home again',
    inbox: 'mail again',
  })) {
    const rows = await look(`SELECT epoch, convert_from(sealed, 'UTF8') AS text FROM ${table}`);
    assert.deepEqual(rows, [{ epoch: fresh, text }], table);
  }
  assert.deepEqual(await look('SELECT epoch FROM epochs'), [{ epoch: fresh }]);
});

test('mail that comes in while its epoch ends is refused, not sealed to a key that is being destroyed (I1)', async () => {
  await filedCase();
  let late: Promise<void> | undefined;
  const slow: EpochsEnd = {
    ...end,
    inbox: async () => {
      late = inbox.insertPrivate(inboxRow({ id: 'late' }));
      late.catch(() => undefined);
      return bytes('mail again');
    },
  };
  const step = stepAfter(await store.journalHead(), { entries: [], doors: [door], epochsEnd: slow });
  assert.equal(await store.commit(step), 'committed');
  await assert.rejects(late ?? Promise.resolve(), { code: '23503' });
  await inbox.insertPrivate(inboxRow({ id: 'late', epoch: fresh }));
});

test('mail that is being handled at that moment stops it, and nothing is changed', async () => {
  await inbox.insertPrivate(inboxRow({ id: 'in-hand' }));
  const other = openPrivateStore(pair.as('keyholder'));
  await other.withInboxItem(async () => {
    const step = stepAfter(await store.journalHead(), { doors: [door], epochsEnd: end });
    await assert.rejects(store.commit(step), { code: 'inbox-row-busy' });
  });
  await other.close();
  assert.deepEqual(await look('SELECT epoch FROM inbox'), [{ epoch }]);
});
