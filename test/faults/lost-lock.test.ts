import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from 'pg';
import { readClock } from '../../src/adapters/clock/clock.ts';
import { openOutboxStore } from '../../src/adapters/postgres/outbox-store.ts';
import { openPrivateStore } from '../../src/adapters/postgres/private-store.ts';
import type { MessageId } from '../../src/mail/letter-head.ts';
import type { OutboxStore } from '../../src/message/door-ports.ts';
import { startSender } from '../../src/run/sender.ts';
import { day, hour, minute } from '../../src/time/instant.ts';
import { cuttingLine } from '../stand-ins/cutting-line.ts';
import { databasePair } from '../stand-ins/database-pair.ts';
import { bytes, epoch, stepAfter } from '../stand-ins/database-rows.ts';
import { startMailSink } from '../stand-ins/mail-sink.ts';
import { openStandIn } from '../stand-ins/permitted-mail.ts';
import { copiesFor, sealedBody } from '../stand-ins/sealed-copy.ts';
import { silent, start, word } from '../stand-ins/sender-stage.ts';

/** Everything the sink says before its answer to the final dot. */
const beforeLastReply =
  '220 sink\r\n250-sink\r\n250 PIPELINING\r\n250 sender\r\n250 recipient\r\n354 go on\r\n';

/** The store, and word of each batch that is handed out. */
function watched(store: OutboxStore) {
  let handed = 0;
  const waiting = new Set<() => void>();
  const watching: OutboxStore = {
    ...store,
    withDueRows: (limit, now, work) =>
      store.withDueRows(limit, now, (rows, record, holding) => {
        handed += 1;
        for (const wake of waiting) wake();
        return work(rows, record, holding);
      }),
  };
  const handedOut = (times: number) =>
    new Promise<void>((resolve) => {
      const look = () => handed >= times && resolve();
      waiting.add(look);
      look();
    });
  return { watching, handedOut };
}

test('the database drops our connections while a copy is on the wire: it is not sent beside itself', async () => {
  const pair = await databasePair();
  const keyholder = openPrivateStore(pair.as('keyholder'));
  const store = openOutboxStore(pair.as('sender'));
  const sink = await startMailSink();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const line = await cuttingLine(
    () => sink.port,
    (connection) => (connection === 0 ? { hold: { after: beforeLastReply.length, until: released } } : {}),
  );
  const body = sealedBody(3_000, start);
  const outbox = copiesFor(word, body, ['ann@member.example'], start);
  const { envelopeHead, envelopeEnd, tails, id } = body;
  const stored = {
    ...{ id, envelopeHead, envelopeEnd, tails, homeEpoch: epoch, home: bytes('home') },
    ...{ list: 'linux-distros', caseNumber: 'VS-2026-0042', messageId: '<m1@lists.example>' as MessageId },
  };
  await keyholder.commit(
    stepAfter(await keyholder.journalHead(), {
      bodies: [stored],
      permits: [outbox.permit],
      readers: outbox.readers,
      outbox: outbox.rows.map(({ attempts: _attempts, createdAt: _createdAt, ...row }) => row),
    }),
  );
  const { watching, handedOut } = watched(store);
  const sender = startSender({
    store: watching,
    relay: { host: '127.0.0.1', port: line.port, hostName: 'mail.lists.example', tls: 'none' },
    domain: 'lists.example',
    verify: word.verify,
    openSealed: openStandIn,
    retry: { first: minute, longest: hour, giveUpAfter: day },
    clock: readClock,
    chance: () => 0.5,
    log: silent,
  });
  const superuser = new Client(pair.superuser('private'));
  await superuser.connect();
  await sink.taken(1);
  await superuser.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'embargod_sender'`,
  );
  // Its lock is gone, so the row is due for anybody; the answer of the sink is still on its way.
  await handedOut(2);
  release();
  const state = async () => (await keyholder.outboxRow(outbox.rows[0]?.id ?? ''))?.state;
  while ((await state()) !== 'sent') await new Promise((resolve) => setTimeout(resolve, 20));
  await sender.stop();
  assert.equal(sink.mails().length, 1);
  const recorded = await superuser.query('SELECT kind FROM deliveries');
  assert.deepEqual(recorded.rows, [{ kind: 'sent' }]);
  await superuser.end();
  await Promise.all([keyholder.close(), store.close(), sink.close(), line.close()]);
  await pair.drop();
});
