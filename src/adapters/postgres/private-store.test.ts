import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, test } from 'node:test';
import { Client } from 'pg';
import { type DatabasePair, databasePair } from '../../../test/stand-ins/database-pair.ts';
import {
  at,
  bodyRow,
  bytes,
  copyRow,
  inboxRow,
  readerRow,
  stepAfter,
} from '../../../test/stand-ins/database-rows.ts';
import { permittedRow } from '../../../test/stand-ins/permitted-mail.ts';
import type { SealedToSender } from '../../message/ports.ts';
import { hour, later } from '../../time/instant.ts';
import { type OpenInboxStore, openInboxStore } from './inbox-store.ts';
import { type OpenPrivateStore, openPrivateStore } from './private-store.ts';
import { pieceLength } from './read-in-pieces.ts';
import { sealedBytes } from './row-shapes.ts';

let pair: DatabasePair;
let one: OpenPrivateStore;
let other: OpenPrivateStore;
let inbox: OpenInboxStore;

beforeEach(async () => {
  pair = await databasePair();
  await pair.startEpoch('2026-11');
  one = openPrivateStore(pair.as('keyholder'));
  other = openPrivateStore(pair.as('keyholder'));
  inbox = openInboxStore({ private: pair.as('intake'), public: pair.as('intake', 'public') });
});
afterEach(async () => {
  await Promise.all([one.close(), other.close(), inbox.close()]);
  await pair.drop();
});

test('what intake accepted comes back whole, with its time to the millisecond', async () => {
  const row = inboxRow({ lists: ['linux-distros', 'distros'] });
  await inbox.insertPrivate(row);
  const found = await one.withInboxItem(async (claimed) => claimed);
  assert.deepEqual(
    { ...found, sealed: Buffer.from(found?.sealed ?? []) },
    { ...row, sealed: Buffer.from(row.sealed), attempts: 1 },
  );
});

test('a mail of several pieces comes back whole, whatever its last piece is', async () => {
  for (const [id, size] of Object.entries({
    even: 2 * pieceLength,
    odd: 2 * pieceLength + 1,
    short: pieceLength - 1,
  })) {
    const sealed = randomBytes(size);
    await inbox.insertPrivate(inboxRow({ id, sealed: sealedBytes(sealed) }));
    const found = await one.withInboxItem(async (claimed, commit) => {
      const step = stepAfter(await one.journalHead(), { inbox: { id, state: 'judged' } });
      assert.equal(await commit(step), 'committed');
      return claimed;
    });
    assert.equal(found?.id, id);
    assert.ok(sealed.equals(found?.sealed ?? new Uint8Array()), id);
  }
});

test('of two steps decided on the same journal one is written and the other hears behind, nothing of it left', async () => {
  const head = await one.journalHead();
  const [left, right] = await Promise.all([
    one.commit(stepAfter(head, { readers: [readerRow('left')] })),
    other.commit(stepAfter(head, { readers: [readerRow('right')] })),
  ]);
  assert.deepEqual([left, right].sort(), ['behind', 'committed']);
  const root = await superuser();
  const readers = await root.query('SELECT id FROM readers');
  await root.end();
  assert.deepEqual(readers.rows, [{ id: left === 'committed' ? 'left' : 'right' }]);
  assert.equal((await one.journalHead()).size, 1);
});

test('a head of another generation, size or value is behind', async () => {
  const head = await one.journalHead();
  for (const wrong of [
    { ...head, generation: head.generation + 1 },
    { ...head, size: 1 },
    { ...head, head: new Uint8Array(32).fill(1) },
  ]) {
    assert.equal(await one.commit(stepAfter(wrong)), 'behind');
  }
  assert.equal((await one.journalHead()).size, 0);
});

test('two keyholders never hold the same mail, and one that finds all taken is told so', async () => {
  const row = inboxRow();
  await inbox.insertPrivate(row);
  const result = await one.withInboxItem(async (held) => {
    assert.equal(held.id, row.id);
    return await other.withInboxItem(async () => 'had it too');
  });
  assert.equal(result, undefined);
});

test('the oldest waiting mail is first', async () => {
  await inbox.insertPrivate(inboxRow({ id: 'younger', receivedAt: later(at, hour) }));
  await inbox.insertPrivate(inboxRow({ id: 'older' }));
  assert.equal(await one.withInboxItem(async ({ id }) => id), 'older');
});

test('a step that is behind keeps the claim, frees the journal for others, and is written at the second try', async () => {
  await inbox.insertPrivate(inboxRow({ id: 'mail' }));
  const result = await one.withInboxItem(async ({ id }, commit) => {
    const stale = await one.journalHead();
    assert.equal(await other.commit(stepAfter(stale)), 'committed');
    assert.equal(await commit(stepAfter(stale, { inbox: { id, state: 'judged' } })), 'behind');
    assert.equal(await other.commit(stepAfter(await other.journalHead())), 'committed');
    return await commit(stepAfter(await one.journalHead(), { inbox: { id, state: 'judged' } }));
  });
  assert.equal(result, 'committed');
  assert.equal(await one.withInboxItem(async ({ id }) => id), undefined);
  assert.equal((await one.journalHead()).size, 3);
});

test('a step that fails in the middle leaves the mail waiting and the journal as it was', async () => {
  await inbox.insertPrivate(inboxRow({ id: 'mail' }));
  const twice = [copyRow('no-such-body', 'reader')];
  await assert.rejects(
    one.withInboxItem(async ({ id }, commit) =>
      commit(stepAfter(await one.journalHead(), { inbox: { id, state: 'judged' }, outbox: twice })),
    ),
  );
  assert.equal((await one.journalHead()).size, 0);
  assert.equal(await one.withInboxItem(async ({ id }) => id), 'mail');
});

test('attempts are counted before the work, also when it throws or its connection dies with it', async () => {
  await inbox.insertPrivate(inboxRow({ id: 'poison' }));
  await assert.rejects(
    one.withInboxItem(async () => {
      throw new Error('the parser fell over');
    }),
  );
  const root = await superuser();
  await assert.rejects(
    other.withInboxItem(async (_, commit) => {
      await root.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND state = 'idle in transaction'`);
      await commit(stepAfter(await one.journalHead()));
    }),
  );
  await root.end();
  assert.equal(await one.withInboxItem(async ({ attempts }) => attempts), 3);
});

test('held mail that is passed waits again as fresh mail does', async () => {
  await inbox.insertPrivate(inboxRow({ id: 'mail' }));
  await one.withInboxItem(async ({ id }, commit) =>
    commit(stepAfter(await one.journalHead(), { inbox: { id, state: 'held' } })),
  );
  assert.equal(await one.withInboxItem(async ({ id }) => id), undefined);
  await one.commit(stepAfter(await one.journalHead(), { heldInbox: { id: 'mail', state: 'waiting' } }));
  assert.equal(await one.withInboxItem(async ({ attempts }) => attempts), 1);
});

test('the journal tail comes in order with its details, and without those that were purged', async () => {
  for (let step = 0; step < 3; step += 1) await one.commit(stepAfter(await one.journalHead()));
  const root = await superuser();
  await root.query('DELETE FROM details WHERE sequence = 2');
  await root.end();
  const tail = [];
  for await (const page of one.journalTail(1)) tail.push(...page);
  assert.deepEqual(
    tail.map(({ sequence, sealed }) => [sequence, sealed && Buffer.from(sealed).toString()]),
    [
      [2, undefined],
      [3, 'detail 3'],
    ],
  );
});

test('bodies, permits, parked copies and obligations come back as they were written', async () => {
  const body = bodyRow('body-1');
  const parked = copyRow('body-1', 'reader', { id: 'row-1', state: 'parked' });
  const obligation = {
    id: 'obligation-1',
    kind: 'repair-delivery',
    list: 'linux-distros',
    subject: 'VS-2026-0042',
    owner: 'administrators',
    openedAt: at,
    dueAt: later(at, hour),
  };
  await one.commit(
    stepAfter(await one.journalHead(), {
      cases: [{ number: 'VS-2026-0042', list: 'linux-distros', openedAt: at, state: 'open' }],
      bodies: [body],
      permits: [{ id: 'permit-1', document: bytes('document'), signature: bytes('signature') }],
      outbox: [parked],
      obligationsOpened: [obligation],
    }),
  );
  assert.deepEqual(await one.body('body-1'), body);
  assert.deepEqual(await one.parkedFor('reader'), [parked]);
  const waits = { readerId: 'reader', recipient: parked.recipient, list: parked.list };
  assert.deepEqual(await one.parkedReaders(), [waits]);
  assert.deepEqual(await one.outboxRow('row-1'), parked);
  assert.deepEqual(await one.outboxRowByReturnPath(parked.returnPath.toUpperCase()), parked);
  assert.deepEqual(await one.openObligations(), [obligation]);
  await one.commit(
    stepAfter(await one.journalHead(), { obligationsSettled: [{ id: 'obligation-1', at, ending: 'done' }] }),
  );
  assert.deepEqual(await one.openObligations(), []);
});

test('a notice keeps its template and parameters', async () => {
  const notice = copyRow('unused', 'unused', {
    returnPath: '',
    content: {
      kind: 'notice',
      template: 'receipt',
      parameters: { case: 'VS-2026-0042', list: 'linux-distros' },
    },
  });
  await one.commit(stepAfter(await one.journalHead(), { outbox: [notice] }));
  assert.deepEqual(await one.outboxRow(notice.id), notice);
});

test('a permitted mail is kept sealed, and no change of its row changes what it says (R3)', async () => {
  const permitted = permittedRow(at);
  const { attempts, createdAt, ...row } = permitted;
  await one.commit(stepAfter(await one.journalHead(), { outbox: [row] }));
  assert.deepEqual(await one.outboxRow(row.id), {
    ...row,
    content: { ...row.content, sealed: Buffer.from(row.content.sealed) },
  });
  const content = { ...row.content, sealed: bytes('something else') as Uint8Array as SealedToSender };
  await one.commit(stepAfter(await one.journalHead(), { outboxUpdates: [{ ...row, content }] }));
  const after = (await one.outboxRow(row.id))?.content;
  assert.deepEqual(after?.kind === 'permitted' && Buffer.from(row.content.sealed).equals(after.sealed), true);
});

test('an inbox row wakes the keyholder long before its timer, and the notification says nothing', async () => {
  const listener = new Client(pair.as('sender'));
  await listener.connect();
  await listener.query('LISTEN embargod_keyholder');
  const heard = new Promise<string | undefined>((resolve) =>
    listener.once('notification', ({ payload }) => resolve(payload)),
  );
  await one.waitForWork(60_000);
  const woken = one.waitForWork(60_000);
  await inbox.insertPrivate(inboxRow());
  await woken;
  assert.equal(await heard, '');
  await listener.end();
});

test('a listening connection that is lost wakes its process, which listens anew', async () => {
  await one.waitForWork(60_000);
  const root = await superuser();
  await root.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'`,
  );
  await root.end();
  // Once for the loss, once for the new connection: both mean "look", as a notification may have been missed.
  await one.waitForWork(60_000);
  await one.waitForWork(60_000);
  const woken = one.waitForWork(60_000);
  await inbox.insertPrivate(inboxRow());
  await woken;
});

async function superuser(): Promise<Client> {
  const client = new Client(pair.superuser('private'));
  await client.connect();
  return client;
}
