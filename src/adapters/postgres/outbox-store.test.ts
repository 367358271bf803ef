import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Client } from 'pg';
import { type DatabasePair, databasePair } from '../../../test/stand-ins/database-pair.ts';
import { at, bodyRow, copyRow, readerRow, stepAfter } from '../../../test/stand-ins/database-rows.ts';
import type { OutboxState } from '../../message/outbox-state.ts';
import type { DeliveryOutcome, OutboxRow } from '../../message/ports.ts';
import type { Step } from '../../message/private-store-port.ts';
import { hour, later, minute } from '../../time/instant.ts';
import { type OpenOutboxStore, openOutboxStore } from './outbox-store.ts';
import { type OpenPrivateStore, openPrivateStore } from './private-store.ts';
import { pieceLength } from './read-in-pieces.ts';

let pair: DatabasePair;
let keyholder: OpenPrivateStore;
let one: OpenOutboxStore;
let other: OpenOutboxStore;
let root: Client;

const sent: DeliveryOutcome = { kind: 'sent', at, code: 250, reason: 'accepted', nextAt: undefined };
const failed: DeliveryOutcome = {
  kind: 'failed',
  at,
  code: 550,
  reason: 'refused-recipient',
  nextAt: undefined,
};
const deferred: DeliveryOutcome = {
  kind: 'deferred',
  at,
  code: 450,
  reason: 'refused-recipient',
  nextAt: later(at, hour),
};

beforeEach(async () => {
  pair = await databasePair();
  keyholder = openPrivateStore(pair.as('keyholder'));
  one = openOutboxStore(pair.as('sender'));
  other = openOutboxStore(pair.as('sender'));
  root = new Client(pair.superuser('private'));
  await root.connect();
});
afterEach(async () => {
  await Promise.all([keyholder.close(), one.close(), other.close(), root.end()]);
  await pair.drop();
});

test('a queued copy is handed out once, sent, and never again', async () => {
  await queue('row-1');
  assert.deepEqual(await deliver(one, sent), ['row-1']);
  assert.deepEqual(await deliver(one, sent), []);
  assert.equal(await state('row-1'), 'sent');
});

test('a tail of several pieces comes back whole', async () => {
  const tail = Buffer.from(`${'Q'.repeat(64)}\r\n`.repeat(Math.ceil((2 * pieceLength) / 66)));
  assert.ok(tail.length > 2 * pieceLength);
  await commit({
    bodies: [{ ...bodyRow('large'), tails: [Buffer.from('AAAA\r\n'), Buffer.from(''), tail] }],
  });
  const parts = await one.bodyParts('large', 2);
  assert.ok(tail.equals(parts?.tail ?? new Uint8Array()));
  assert.equal((await one.bodyParts('large', 1))?.tail.length, 0);
});

test('what was written comes back, with the body as it goes on the wire', async () => {
  const [row] = await queue('row-1');
  await one.withDueRows(10, at, async (rows) => {
    const { attempts, createdAt, ...plain } = rows[0] ?? assert.fail('no row');
    assert.deepEqual(plain, row);
    assert.deepEqual([attempts, createdAt], [0, at]);
  });
  const { envelopeHead, tails, envelopeEnd } = bodyRow('body');
  assert.deepEqual(await one.bodyParts('body', 1), { envelopeHead, tail: tails[1], envelopeEnd });
  assert.equal(await one.bodyParts('nobody', 1), undefined);
  assert.deepEqual(await one.reader('row-1-reader'), readerRow('row-1-reader'));
});

test('senders side by side share the rows and hold none together', async () => {
  await queue('a', 'b', 'c', 'd');
  await one.withDueRows(2, at, async (mine, record) => {
    assert.equal(mine.length, 2);
    await other.withDueRows(10, at, async (theirs) => {
      assert.equal(theirs.length, 2);
      assert.equal(new Set([...mine, ...theirs].map(({ id }) => id)).size, 4);
    });
    for (const row of mine) await record(row.id, sent);
  });
});

test('many batches at once in one process do not wait for each other for ever', async () => {
  const ids = Array.from({ length: 40 }, (_, index) => `row-${index}`);
  await queue(...ids);
  const batches = await Promise.all(Array.from({ length: 20 }, () => deliver(one, sent, 2)));
  assert.deepEqual(batches.flat().sort(), [...ids].sort());
});

for (const window of ['the batch dies', 'the sender throws'] as const) {
  test(`no copy goes out twice when ${window} between record and the end of the batch`, async () => {
    await queue('sent-row', 'failed-row', 'deferred-row', 'untouched');
    const outcomes: Readonly<Record<string, DeliveryOutcome>> = {
      'sent-row': sent,
      'failed-row': failed,
      'deferred-row': deferred,
    };
    await assert.rejects(
      one.withDueRows(10, at, async (rows, record, stillHeld) => {
        for (const { id } of rows) {
          const outcome = outcomes[id];
          if (outcome) await record(id, outcome);
        }
        if (window === 'the sender throws') throw new Error('killed');
        await loseBatches();
        await other.withDueRows(10, later(at, -minute), async () => undefined);
        assert.equal(stillHeld(), false);
      }),
    );
    assert.equal(await state('sent-row'), 'queued');
    assert.deepEqual(await deliver(other, sent), ['untouched']);
    assert.deepEqual(await states('sent-row', 'failed-row', 'deferred-row', 'untouched'), [
      'sent',
      'failed',
      'deferred',
      'sent',
    ]);
  });
}

test('a deferred row waits for its time, its attempts counted', async () => {
  await queue('row-1');
  await deliver(one, deferred);
  assert.deepEqual(await deliver(one, sent), []);
  const handed = await one.withDueRows(10, later(at, hour), async (rows, record) => {
    assert.equal(rows[0]?.attempts, 1);
    await record('row-1', sent);
  });
  assert.equal(handed, 1);
});

test('a row without an outcome stays due, and outcomes are only for rows in hand', async () => {
  await queue('row-1');
  await one.withDueRows(10, at, async () => undefined);
  await assert.rejects(
    one.withDueRows(10, at, (_, record) => record('another', sent)),
    RangeError,
  );
  assert.deepEqual(await deliver(one, sent), ['row-1']);
});

test('suspending a reader cancels queued, deferred and parked copies at once, and leaves others alone', async () => {
  await queue('queued-row', 'other-row');
  await commit({ outbox: [copyRow('body', 'queued-row-reader', { id: 'parked-row', state: 'parked' })] });
  await commit({ readers: [readerRow('queued-row-reader', 'suspended')], cancelFor: ['queued-row-reader'] });
  assert.deepEqual(await states('queued-row', 'parked-row', 'other-row'), [
    'cancelled',
    'cancelled',
    'queued',
  ]);
});

test('a copy in a sender’s hands when its reader is suspended is cancelled by the sender, unless it was sent', async () => {
  await queue('in-hand', 'already-sent');
  await one.withDueRows(10, at, async (_, record) => {
    await record('already-sent', sent);
    await commit({
      readers: [readerRow('in-hand-reader', 'suspended'), readerRow('already-sent-reader', 'removed')],
      cancelFor: ['in-hand-reader', 'already-sent-reader'],
    });
    assert.equal((await one.reader('in-hand-reader'))?.standing, 'suspended');
    await record('in-hand', { ...failed, kind: 'held', reason: 'reader-suspended', code: 0 });
  });
  assert.deepEqual(await states('in-hand', 'already-sent'), ['cancelled', 'sent']);
});

test('a copy whose reader was suspended meanwhile is not handed out', async () => {
  await queue('row-1');
  await commit({ readers: [readerRow('row-1-reader', 'removed')] });
  assert.deepEqual(await deliver(one, sent), []);
  assert.equal(await state('row-1'), 'cancelled');
});

test('failed and held rows are told until a step acknowledges them, and a retry may trouble again', async () => {
  const [row] = await queue('row-1');
  await deliver(one, failed);
  const [trouble] = await keyholder.troubledDeliveries();
  assert.deepEqual(trouble, { row: { ...row, state: 'failed' }, outcome: failed });
  await commit({ outboxAcknowledged: ['row-1'] });
  assert.deepEqual(await keyholder.troubledDeliveries(), []);
  await commit({ outboxUpdates: [row ?? assert.fail()] });
  assert.deepEqual(await deliver(one, failed), ['row-1']);
  assert.equal((await keyholder.troubledDeliveries()).length, 1);
});

test('a step never waits for a sender: changing a row in its hands is refused whole', async () => {
  const [row] = await queue('row-1');
  await one.withDueRows(10, at, async () => {
    await assert.rejects(commit({ outboxUpdates: [row ?? assert.fail()] }), { code: 'outbox-row-busy' });
  });
  assert.equal((await keyholder.journalHead()).size, 1);
});

test('a parked row that got its late wrap is delivered', async () => {
  await commit({
    bodies: [bodyRow('body')],
    readers: [readerRow('reader')],
    outbox: [copyRow('body', 'reader', { id: 'row-1', state: 'parked' })],
  });
  assert.deepEqual(await deliver(one, sent), []);
  const wrapped = copyRow('body', 'reader', { id: 'row-1', permitId: 'permit-2' });
  await commit({ outboxUpdates: [wrapped] });
  assert.deepEqual(await deliver(one, sent), ['row-1']);
});

const settledStates: readonly OutboxState[] = ['cancelled', 'parked', 'held', 'failed', 'sent', 'uncertain'];
for (const from of settledStates) {
  test(`sender cannot turn a row that is ${from} back into one that leaves`, async () => {
    await queue('row-1');
    await root.query('UPDATE outbox SET state = $1', [from]);
    const sender = new Client(pair.as('sender'));
    await sender.connect();
    const result = await sender.query(`UPDATE outbox SET state = 'queued' WHERE id = 'row-1'`);
    await sender.end();
    assert.equal(result.rowCount, 0);
    assert.equal(await state('row-1'), from);
  });
}

async function commit(part: Partial<Step>): Promise<void> {
  assert.equal(await keyholder.commit(stepAfter(await keyholder.journalHead(), part)), 'committed');
}

async function queue(...ids: readonly string[]): Promise<readonly OutboxRow[]> {
  const rows = ids.map((id) => copyRow('body', `${id}-reader`, { id }));
  const readers = ids.map((id) => readerRow(`${id}-reader`));
  await commit({ bodies: [bodyRow('body')], readers, outbox: rows });
  return rows;
}

async function deliver(
  store: OpenOutboxStore,
  outcome: DeliveryOutcome,
  limit = 10,
): Promise<readonly string[]> {
  const handed: string[] = [];
  await store.withDueRows(limit, at, async (rows, record) => {
    for (const { id } of rows) {
      handed.push(id);
      await record(id, outcome);
    }
  });
  return handed;
}

async function state(id: string): Promise<string> {
  const found = await root.query('SELECT state FROM outbox WHERE id = $1', [id]);
  return found.rows[0]?.state;
}

async function states(...ids: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const id of ids) found.push(await state(id));
  return found;
}

/** Ends every connection that holds rows, as a crash or a failover would. */
async function loseBatches(): Promise<void> {
  await root.query(`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND state = 'idle in transaction'`);
}
