import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { databasePair } from '../../test/stand-ins/database-pair.ts';
import { bytes, epoch, stepAfter } from '../../test/stand-ins/database-rows.ts';
import { keyholderWord } from '../../test/stand-ins/keyholder-word.ts';
import { type MailSink, type MailSinkOptions, startMailSink } from '../../test/stand-ins/mail-sink.ts';
import { copiesFor, type StandInOutbox, sealedBody } from '../../test/stand-ins/sealed-copy.ts';
import { readClock } from '../adapters/clock/clock.ts';
import { openOutboxStore } from '../adapters/postgres/outbox-store.ts';
import { openPrivateStore } from '../adapters/postgres/private-store.ts';
import { defaultRelayTimeouts } from '../adapters/smtp/relay-settings.ts';
import type { Address } from '../mail/address.ts';
import type { MessageId } from '../mail/letter-head.ts';
import type { DueRow } from '../message/deliver.ts';
import type { OutboxStore } from '../message/door-ports.ts';
import type { DeliveryOutcome, Permit } from '../message/ports.ts';
import { day, hour, type Instant, instantFromMilliseconds, later, minute } from '../time/instant.ts';
import { type SenderParameters, startSender } from './sender.ts';

const word = keyholderWord();
const start = instantFromMilliseconds(1_795_000_000_000);
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** An outbox in memory that behaves as the real one: locks, records one by one, wakes. */
function memoryOutbox(outbox: StandInOutbox, extra: readonly DueRow[] = [], permits: readonly Permit[] = []) {
  const rows = new Map(
    [...outbox.rows, ...extra].map((row) => [row.id, { row, nextAt: row.createdAt, done: false }]),
  );
  const outcomes: (DeliveryOutcome & { recipient: string })[] = [];
  const locked = new Set<string>();
  const readers = new Map(outbox.readers.map((reader) => [reader.id, reader]));
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const resolve of waiting) resolve();
    waiting.clear();
  };
  const state = { bodyReads: 0, failRecords: 0 };
  const store: OutboxStore = {
    withDueRows: async (limit, now, work) => {
      const due = [...rows.values()].filter(
        (entry) => !entry.done && !locked.has(entry.row.id) && entry.nextAt <= now,
      );
      const taken = due.slice(0, limit);
      for (const { row } of taken) locked.add(row.id);
      const record = async (id: string, outcome: DeliveryOutcome) => {
        const entry = rows.get(id);
        assert.ok(entry);
        if (state.failRecords > 0) {
          state.failRecords -= 1;
          throw new Error('database gone');
        }
        entry.done = outcome.kind !== 'deferred';
        entry.nextAt = outcome.nextAt ?? entry.nextAt;
        entry.row = { ...entry.row, attempts: entry.row.attempts + 1 };
        outcomes.push({ ...outcome, recipient: entry.row.recipient });
      };
      await work(
        taken.map(({ row }) => row),
        record,
        () => true,
      );
      for (const { row } of taken) locked.delete(row.id);
      if (taken.length > 0) wake();
      return taken.length;
    },
    bodyParts: async (_id, alignment) => {
      state.bodyReads += 1;
      return outbox.parts(alignment);
    },
    permit: async (id) => [outbox.permit, ...permits].find((permit) => permit.id === id),
    reader: async (id) => readers.get(id),
    waitForWork: () => new Promise((resolve) => void waiting.add(resolve)),
  };
  /** Resolves when so many outcomes are recorded. */
  const recorded = async (count: number) => {
    while (outcomes.length < count) await new Promise<void>((resolve) => void waiting.add(resolve));
  };
  return { store, outcomes, readers, wake, recorded, state };
}

async function stage(
  recipients: readonly string[],
  options: Readonly<{
    sink?: MailSinkOptions;
    sender?: Partial<SenderParameters>;
    bytes?: number;
    extra?: readonly DueRow[];
    permits?: readonly Permit[];
    prepare?: (memory: ReturnType<typeof memoryOutbox>) => void;
  }> = {},
) {
  const sink: MailSink = await startMailSink(options.sink);
  const body = sealedBody(options.bytes ?? 3000, start);
  const outbox = copiesFor(word, body, recipients, start);
  const memory = memoryOutbox(outbox, options.extra, options.permits);
  options.prepare?.(memory);
  const clock = { now: start as Instant };
  const sender = startSender({
    store: memory.store,
    relay: {
      host: '127.0.0.1',
      port: sink.port,
      hostName: 'mail.lists.example',
      tls: 'opportunistic',
      timeouts: { ...defaultRelayTimeouts, recipient: 200, dataEnd: 200 },
    },
    domain: 'lists.example',
    verify: word.verify,
    retry: { first: minute, longest: hour, giveUpAfter: day },
    clock: () => clock.now,
    chance: () => 0.5,
    log: silent,
    ...options.sender,
  });
  const end = async () => {
    await sender.stop();
    await sink.close();
  };
  const pass = (milliseconds: number) => {
    clock.now = later(clock.now, milliseconds);
    memory.wake();
  };
  return { sink, outbox, memory, sender, pass, end };
}

const wholeMail = (outbox: StandInOutbox, index: number): string => {
  const content = outbox.rows[index]?.content;
  assert.ok(content?.kind === 'copy');
  const { envelopeHead, tail, envelopeEnd } = outbox.parts(content.alignment);
  const checksum = Buffer.from(`${content.checksum}\r\n`);
  return Buffer.concat([envelopeHead, content.head, tail, checksum, envelopeEnd]).toString('latin1');
};

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

test('a 550, a 450, a lost connection and a silent peer each touch one reader; the others have theirs', async () => {
  const { sink, memory, pass, end } = await stage(
    [
      'ok1@m.example',
      'refused@m.example',
      'later@m.example',
      'dropped@m.example',
      'silent@m.example',
      'ok2@m.example',
    ],
    {
      sink: {
        behaviour: (recipient, attempt) => {
          if (recipient.startsWith('refused')) return { kind: 'reply', at: 'recipient', code: 550 };
          if (attempt > 0) return { kind: 'take' };
          if (recipient.startsWith('later')) return { kind: 'reply', at: 'recipient', code: 450 };
          if (recipient.startsWith('dropped')) return { kind: 'drop', at: 'end-untaken' };
          if (recipient.startsWith('silent')) return { kind: 'silent', at: 'end' };
          return { kind: 'take' };
        },
      },
    },
  );
  await memory.recorded(6);
  const first = Object.fromEntries(
    memory.outcomes.map((one) => [one.recipient, `${one.kind} ${one.code} ${one.reason}`]),
  );
  assert.deepEqual(first, {
    'ok1@m.example': 'sent 250 accepted',
    'ok2@m.example': 'sent 250 accepted',
    'refused@m.example': 'failed 550 refused-recipient',
    'later@m.example': 'deferred 450 deferred-recipient',
    'dropped@m.example': 'deferred 0 connection-lost',
    'silent@m.example': 'deferred 0 timed-out',
  });
  assert.equal(memory.outcomes.find(({ kind }) => kind === 'deferred')?.nextAt, later(start, minute));
  pass(minute);
  await memory.recorded(9);
  assert.equal(sink.mails().length, 5);
  await end();
});

test('refusals at DATA and after the dot: 5xx fails, 4xx comes again, a lost reply after the dot is deferred', async () => {
  const told: Readonly<Record<string, readonly [string, number]>> = {
    data5: ['data', 554],
    data4: ['data', 451],
    end5: ['end', 554],
    end4: ['end', 452],
  };
  const names = [...Object.keys(told), 'taken-but-lost', 'cut-in-the-middle'];
  const { memory, sink, end } = await stage(
    names.map((name) => `${name}@m.example`),
    {
      bytes: 1_000_000,
      sink: {
        behaviour: (recipient) => {
          const name = recipient.split('@')[0] ?? '';
          const [at, code] = told[name] ?? [];
          if (code !== undefined && (at === 'data' || at === 'end')) return { kind: 'reply', at, code };
          return name === 'taken-but-lost'
            ? { kind: 'drop', at: 'end-taken' }
            : { kind: 'drop', at: 'middle' };
        },
      },
    },
  );
  await memory.recorded(6);
  const outcomes = Object.fromEntries(
    memory.outcomes.map((one) => [one.recipient.split('@')[0], `${one.kind} ${one.code} ${one.reason}`]),
  );
  assert.deepEqual(outcomes, {
    data5: 'failed 554 refused-data',
    data4: 'deferred 451 deferred-data',
    end5: 'failed 554 refused-content',
    end4: 'deferred 452 deferred-content',
    'taken-but-lost': 'deferred 0 connection-lost',
    'cut-in-the-middle': 'deferred 0 connection-lost',
  });
  assert.deepEqual(
    sink.mails().map(({ recipient }) => recipient),
    ['taken-but-lost@m.example'],
  );
  await end();
});

test('a row that has come of age fails instead of waiting on', async () => {
  const { memory, pass, end } = await stage(['a@m.example'], {
    sink: { behaviour: () => ({ kind: 'reply', at: 'recipient', code: 450 }) },
  });
  await memory.recorded(1);
  pass(2 * day);
  await memory.recorded(2);
  assert.deepEqual(
    memory.outcomes.map(({ kind, reason }) => `${kind} ${reason}`),
    ['deferred deferred-recipient', 'failed gave-up-deferred-recipient'],
  );
  await end();
});

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

test('a connection is used again, and one that the relay closed meanwhile is replaced without a fault', async () => {
  const many = Array.from({ length: 20 }, (_, index) => `r${index}@m.example`);
  const { memory, sink, end } = await stage(many, { sender: { connections: 2 } });
  await memory.recorded(20);
  assert.ok(sink.connections() <= 2, `${sink.connections()} connections`);
  await end();
});

test('no relay: rows wait untouched', async () => {
  const { memory, sink, sender, end } = await stage(['a@m.example'], { sender: { relay: undefined } });
  assert.deepEqual(memory.outcomes, []);
  sender.reload({ host: '127.0.0.1', port: sink.port, hostName: 'mail.lists.example', tls: 'none' });
  memory.wake();
  await memory.recorded(1);
  await end();
});

test('nobody listens at the relay: deferred, and sent when somebody does', async () => {
  const dead = await startMailSink();
  const { port } = dead;
  await dead.close();
  const { memory, sink, sender, pass, end } = await stage(['a@m.example'], {
    sender: { relay: { host: '127.0.0.1', port, hostName: 'mail.lists.example', tls: 'none' } },
  });
  await memory.recorded(1);
  assert.equal(memory.outcomes[0]?.kind, 'deferred');
  sender.reload({ host: '127.0.0.1', port: sink.port, hostName: 'mail.lists.example', tls: 'none' });
  pass(minute);
  await memory.recorded(2);
  assert.equal(memory.outcomes[1]?.kind, 'sent');
  await end();
});

test('an outcome that the database did not take is recorded next time; the mail is not sent twice', async () => {
  const { memory, sink, end } = await stage(['a@m.example'], {
    prepare: ({ state }) => {
      state.failRecords = 1;
    },
  });
  await memory.recorded(1);
  assert.equal(memory.outcomes[0]?.kind, 'sent');
  assert.equal(sink.mails().length, 1);
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
