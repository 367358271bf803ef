import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { databasePair } from '../../test/stand-ins/database-pair.ts';
import { bytes, epoch, stepAfter } from '../../test/stand-ins/database-rows.ts';
import { startMailSink } from '../../test/stand-ins/mail-sink.ts';
import {
  openStandIn,
  permittedMail,
  permittedRow,
  sealStandIn,
} from '../../test/stand-ins/permitted-mail.ts';
import { copiesFor, sealedBody } from '../../test/stand-ins/sealed-copy.ts';
import { silent, stage, start, wholeMail, word } from '../../test/stand-ins/sender-stage.ts';
import { readClock } from '../adapters/clock/clock.ts';
import { openOutboxStore } from '../adapters/postgres/outbox-store.ts';
import { openPrivateStore } from '../adapters/postgres/private-store.ts';
import type { Address } from '../mail/address.ts';
import type { MessageId } from '../mail/letter-head.ts';
import type { DueRow } from '../message/deliver/deliver.ts';
import { day, hour, minute } from '../time/instant.ts';
import { startSender } from './sender.ts';

for (const pipelining of [true, false]) {
  test(`every reader gets exactly the bytes of the outbox, ${pipelining ? 'pipelined' : 'one command at a time'}, large ones too`, async () => {
    for (const bytes of [3000, 2_000_000]) {
      const recipients = ['a@m.example', 'b@m.example', 'c@m.example', 'd@m.example'];
      const { sink, outbox, memory, end } = await stage(recipients, { bytes, sink: { pipelining } });
      await memory.recorded(4);
      for (const [index, recipient] of recipients.entries()) {
        const mail = sink.mails().find((taken) => taken.recipient === recipient);
        assert.ok(mail && mail.raw === wholeMail(outbox, index), recipient);
        assert.equal(mail.from, outbox.rows[index]?.returnPath);
      }
      assert.deepEqual(new Set(memory.outcomes.map(({ kind }) => kind)), new Set(['sent']));
      assert.ok(memory.state.bodyReads <= 3, 'each alignment is read once');
      await end();
    }
  });
}

test('a suspended reader and an unpermitted row are held; not a byte of theirs reaches the wire (P5)', async () => {
  const { memory, sink, outbox, end } = await stage(['gone@m.example', 'eve@m.example', 'ok@m.example'], {
    prepare: ({ readers }) => {
      const gone = [...readers.values()].find((reader) => reader.address.startsWith('gone'));
      const eve = [...readers.values()].find((reader) => reader.address.startsWith('eve'));
      assert.ok(gone && eve);
      readers.set(gone.id, word.reader({ ...gone, standing: 'suspended' }));
      readers.set(eve.id, { ...eve, address: 'other@m.example' as Address });
    },
  });
  await memory.recorded(3);
  const outcomes = Object.fromEntries(
    memory.outcomes.map((one) => [one.recipient, `${one.kind} ${one.reason}`]),
  );
  assert.deepEqual(outcomes, {
    'gone@m.example': 'held reader-not-active',
    'eve@m.example': 'held reader-forged',
    'ok@m.example': 'sent accepted',
  });
  assert.deepEqual(
    sink.log().map((entry) => entry.recipient),
    ['ok@m.example'],
  );
  assert.equal(outbox.rows.length, 3);
  await end();
});

function noticeRow(change: Partial<DueRow> = {}): DueRow {
  return {
    id: randomUUID(),
    list: 'linux-distros',
    caseNumber: 'VS-2026-0042',
    recipient: 'alice@example.org' as Address,
    returnPath: '',
    state: 'queued',
    permitId: 'notices',
    content: { kind: 'notice', template: 'receipt', parameters: { receivedAt: '2026-11-23T20:59:58Z' } },
    attempts: 0,
    createdAt: start,
    ...change,
  };
}

test('a permitted notice leaves with the null return path; without permission, or malformed, it is held', async () => {
  const good = noticeRow();
  const unpermitted = noticeRow();
  const malformed = noticeRow({
    content: { kind: 'notice', template: 'receipt', parameters: { receivedAt: 'the flaw is in libfoo' } },
  });
  const { memory, sink, end } = await stage([], {
    extra: [good, unpermitted, malformed],
    permits: [word.permit('notices', [good, malformed])],
  });
  await memory.recorded(3);
  assert.deepEqual(memory.outcomes.map(({ kind, reason }) => `${kind} ${reason}`).sort(), [
    'held notice-receivedAt',
    'held row-not-permitted',
    'sent accepted',
  ]);
  const [mail] = sink.mails();
  assert.equal(mail?.from, '');
  assert.match(mail?.raw ?? '', new RegExp(`Message-ID: <notice\\.${good.id}@lists\\.example>`));
  await end();
});

test('a mail in clear that was permitted leaves byte for byte, with its secret return path; any other is held (P5, R3)', async () => {
  const good = permittedRow(start);
  const unpermitted = permittedRow(start);
  const exchanged = permittedRow(start);
  const swapped = {
    ...exchanged,
    content: { ...exchanged.content, sealed: sealStandIn(permittedMail({ body: 'other' })) },
  };
  const { memory, sink, end } = await stage([], {
    extra: [good, unpermitted, swapped],
    permits: [word.permit('in-clear', [good, exchanged])],
  });
  await memory.recorded(3);
  assert.deepEqual(memory.outcomes.map(({ kind, reason }) => `${kind} ${reason}`).sort(), [
    'held row-not-permitted',
    'held row-not-permitted',
    'sent accepted',
  ]);
  const [mail, ...more] = sink.mails();
  assert.ok(mail && more.length === 0);
  assert.equal(mail.from, good.returnPath);
  assert.equal(mail.recipient, good.recipient);
  assert.equal(mail.raw, Buffer.from(permittedMail()).toString(), 'the dot came through the wire as one');
  await end();
});

test('a connection is used again, and one that the relay closed meanwhile is replaced without a fault', async () => {
  const many = Array.from({ length: 20 }, (_, index) => `r${index}@m.example`);
  const { memory, sink, end } = await stage(many, { sender: { connections: 2 } });
  await memory.recorded(20);
  assert.ok(sink.connections() <= 2, `${sink.connections()} connections`);
  await end();
});

test('real PostgreSQL: what the keyholder commits leaves byte for byte, and once', async () => {
  const pair = await databasePair();
  const keyholder = openPrivateStore(pair.as('keyholder'));
  const store = openOutboxStore(pair.as('sender'));
  const sink = await startMailSink();
  const body = sealedBody(200_000, start);
  const recipients = ['a@m.example', 'b@m.example', 'c@m.example', 'd@m.example', 'e@m.example'];
  const outbox = copiesFor(word, body, recipients, start);
  const { envelopeHead, envelopeEnd, tails, id } = body;
  const stored = {
    ...{ id, envelopeHead, envelopeEnd, tails, homeEpoch: epoch, home: bytes('home') },
    ...{ list: 'linux-distros', caseNumber: 'VS-2026-0042', messageId: '<m1@lists.example>' as MessageId },
  };
  const committed = await keyholder.commit(
    stepAfter(await keyholder.journalHead(), {
      bodies: [stored],
      permits: [outbox.permit],
      readers: outbox.readers,
      outbox: outbox.rows.map(({ attempts: _attempts, createdAt: _createdAt, ...row }) => row),
    }),
  );
  assert.equal(committed, 'committed');
  const sender = startSender({
    store,
    relay: { host: '127.0.0.1', port: sink.port, hostName: 'mail.lists.example', tls: 'none' },
    domain: 'lists.example',
    verify: word.verify,
    openSealed: openStandIn,
    retry: { first: minute, longest: hour, giveUpAfter: day },
    clock: readClock,
    chance: () => 0.5,
    log: silent,
  });
  await sink.taken(recipients.length);
  await sender.stop();
  for (const [index, recipient] of recipients.entries()) {
    const taken = sink.mails().filter((mail) => mail.recipient === recipient);
    assert.equal(taken.length, 1);
    assert.ok(taken[0]?.raw === wholeMail(outbox, index), recipient);
  }
  const states = await Promise.all(outbox.rows.map((row) => keyholder.outboxRow(row.id)));
  assert.deepEqual(new Set(states.map((row) => row?.state)), new Set(['sent']));
  await Promise.all([keyholder.close(), store.close(), sink.close()]);
  await pair.drop();
});
