import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from 'pg';
import { databasePair } from '../../../test/stand-ins/database-pair.ts';
import { instantFromMilliseconds, second } from '../../time/instant.ts';
import { openHeartbeatReader, openHeartbeatStore } from './heartbeats.ts';
import { openOutboxFigures } from './outbox-figures.ts';

test('each process says that it works, once and again; sender reads all of both sides, with ages by the database’s clock', async () => {
  const pair = await databasePair();
  const stores = [
    { process: 'intake', store: openHeartbeatStore(pair.as('intake')) },
    { process: 'keyholder', store: openHeartbeatStore(pair.as('keyholder')) },
    { process: 'sender', store: openHeartbeatStore(pair.as('sender')) },
    { process: 'public-keeper', store: openHeartbeatStore(pair.as('public_keeper', 'public')) },
    { process: 'public-site', store: openHeartbeatStore(pair.as('public_site', 'public')) },
  ] as const;
  const reader = openHeartbeatReader([pair.as('sender'), pair.as('sender', 'public')]);
  const root = new Client(pair.superuser('private'));
  await root.connect();
  try {
    const clock = () => instantFromMilliseconds(Date.now() + 60 * second);
    for (const round of ['0.1.0', '0.2.0']) {
      for (const { process, store } of stores) {
        await store.beat({ process, instance: 'vs1', version: round, note: '', clock });
      }
    }
    const heard = await reader.heartbeats();
    assert.deepEqual(heard.map(({ process }) => process).sort(), stores.map(({ process }) => process).sort());
    for (const { age, clockAhead, version } of heard) {
      assert.equal(version, '0.2.0');
      assert.ok(age >= 0 && age < 60 * second);
      assert.ok(Math.abs(clockAhead - 60 * second) < 30 * second);
    }
    await root.query(`UPDATE heartbeats SET at = now() - interval '8 days' WHERE process = 'intake'`);
    assert.equal(
      (await reader.heartbeats()).length,
      stores.length - 1,
      'a machine that is gone is not missed for ever',
    );
  } finally {
    await Promise.all(stores.map(({ store }) => store.close()));
    await reader.close();
    await root.end();
    await pair.drop();
  }
});

test('no process speaks for another, and what it says has a strict form', async () => {
  const pair = await databasePair();
  const store = openHeartbeatStore(pair.as('intake'));
  const clock = () => instantFromMilliseconds(Date.now());
  const beat = { process: 'intake', instance: 'vs1', version: '0.1.0', note: '', clock } as const;
  try {
    await assert.rejects(store.beat({ ...beat, process: 'keyholder' }), { code: '42501' });
    await assert.rejects(store.beat({ ...beat, instance: 'a"} 1' }), { code: '23514' });
    await assert.rejects(store.beat({ ...beat, version: 'VS-2026-0042 is about libfoo' }), { code: '23514' });
  } finally {
    await store.close();
    await pair.drop();
  }
});

test('figures of an empty outbox are none, and no role but sender’s rights are needed', async () => {
  const pair = await databasePair();
  const outbox = openOutboxFigures(pair.as('sender'));
  try {
    assert.deepEqual(await outbox.figures(), { counts: new Map(), oldest: undefined });
  } finally {
    await outbox.close();
    await pair.drop();
  }
});
