import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startMailSink } from '../../test/stand-ins/mail-sink.ts';
import { silent, stage, start } from '../../test/stand-ins/sender-stage.ts';
import { day, later, minute } from '../time/instant.ts';

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

test('an outcome that the database did not take is recorded before we end: the next sender would send it again', async () => {
  const { promise: refused, resolve: refuse } = Promise.withResolvers<void>();
  const { memory, sink, end } = await stage(['a@m.example'], {
    prepare: ({ state }) => {
      state.failRecords = 1;
    },
    sender: { log: { ...silent, error: () => refuse() } },
  });
  await refused;
  await end();
  assert.deepEqual(
    memory.outcomes.map(({ kind }) => kind),
    ['sent'],
  );
  assert.equal(sink.mails().length, 1);
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
