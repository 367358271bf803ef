import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
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
import type { Step } from '../../message/private-store-port.ts';
import { day, hour, instantFromMilliseconds, later } from '../../time/instant.ts';
import { openInboxStore } from './inbox-store.ts';
import { type OperatorStore, openOperatorStore } from './operator-store.ts';
import { openOutboxStore } from './outbox-store.ts';
import { type OpenPrivateStore, openPrivateStore } from './private-store.ts';

let pair: DatabasePair;
let keyholder: OpenPrivateStore;
let operator: OperatorStore;

beforeEach(async () => {
  pair = await databasePair();
  await pair.startEpoch('2026-11');
  keyholder = openPrivateStore(pair.as('keyholder'));
  operator = openOperatorStore(pair.as('operator'));
});
afterEach(async () => {
  await Promise.all([keyholder.close(), operator.close()]);
  await pair.drop();
});

test('a request waits for the keyholder, is carried out once, and its sealed answer comes back', async () => {
  const asked = operator.ask({ id: 'request-1', sealed: bytes('please') }, 60_000);
  let answered: string | undefined;
  while (answered === undefined) {
    await keyholder.waitForWork(60_000);
    answered = await keyholder.withRequest(async (request, write) => {
      assert.equal(Buffer.from(request.sealed).toString(), 'please');
      const step = { request: { id: request.id, state: 'done', answer: bytes('done it') } } as const;
      return await write(stepAfter(await keyholder.journalHead(), step));
    });
  }
  assert.equal(answered, 'committed');
  const answer = await asked;
  assert.ok(answer.kind === 'done');
  assert.equal(Buffer.from(answer.answer).toString(), 'done it');
  assert.equal(await keyholder.withRequest(async ({ id }) => id), undefined);
});

test('a request that nobody answers in time goes on waiting', async () => {
  assert.deepEqual(await operator.ask({ id: 'request-1', sealed: bytes('please') }, 5), {
    kind: 'no-answer',
  });
  assert.equal(await keyholder.withRequest(async ({ id }) => id), 'request-1');
});

test('mail past the time by which it is judged is counted, and other mail is not', async () => {
  const inbox = openInboxStore({ private: pair.as('intake'), public: pair.as('intake', 'public') });
  const now = Date.now();
  for (const [id, age] of [
    ['late', day],
    ['later', 2 * day],
    ['fresh', 0],
  ] as const)
    await inbox.insertPrivate(inboxRow({ id, receivedAt: instantFromMilliseconds(now - age) }));
  await inbox.close();
  const { count, since } = await operator.overdueMail();
  assert.equal(count, 2);
  assert.ok(since !== undefined && since < now - day);
});

test('held mail is listed with its owner and the time to decide by, without its content', async () => {
  const decide = {
    id: 'obligation-1',
    kind: 'decide-held-mail',
    list: 'linux-distros',
    subject: 'mail',
    owner: 'administrators',
    openedAt: at,
    dueAt: later(at, hour),
  };
  const intake = openInboxStore({ private: pair.as('intake'), public: pair.as('intake', 'public') });
  await intake.insertPrivate(inboxRow({ id: 'mail' }));
  await keyholder.withInboxItem(async ({ id }, write) =>
    write(
      stepAfter(await keyholder.journalHead(), { inbox: { id, state: 'held' }, obligationsOpened: [decide] }),
    ),
  );
  await intake.close();
  assert.deepEqual(await operator.held(), [
    {
      id: 'mail',
      receivedAt: at,
      lists: ['linux-distros'],
      sizeClass: 12,
      owner: 'administrators',
      decideBy: later(at, hour),
      attempts: 1,
    },
  ]);
});

test('a case is shown with its outbox rows and obligations, open and settled', async () => {
  const obligation = {
    id: 'obligation-1',
    kind: 'review-new-report',
    list: 'linux-distros',
    subject: 'VS-2026-0042',
    owner: 'administrators',
    openedAt: at,
    dueAt: later(at, hour),
  };
  const row = { number: 'VS-2026-0042', list: 'linux-distros', openedAt: at, state: 'open' } as const;
  await commit({
    cases: [row],
    bodies: [bodyRow('body')],
    readers: [readerRow('reader')],
    outbox: [copyRow('body', 'reader', { id: 'row-1' })],
    obligationsOpened: [obligation],
  });
  await commit({ obligationsSettled: [{ id: 'obligation-1', at, ending: 'done' }] });
  const shown = await operator.showCase('VS-2026-0042');
  assert.deepEqual(shown?.row, row);
  assert.deepEqual(shown?.obligations, [{ ...obligation, settledAt: at, ending: 'done' }]);
  assert.deepEqual(
    shown?.outbox.map(({ id, recipient, state }) => ({ id, recipient, state })),
    [{ id: 'row-1', recipient: 'reader@members.example', state: 'queued' }],
  );
  assert.deepEqual(await operator.cases(), [row]);
  assert.equal(await operator.showCase('VS-2026-0001'), undefined);
});

test('the outbox list leaves out what was sent, unless all is asked for; attempts can be read', async () => {
  await commit({
    bodies: [bodyRow('body')],
    readers: [readerRow('reader')],
    outbox: [copyRow('body', 'reader', { id: 'row-1' })],
  });
  const sender = openOutboxStore(pair.as('sender'));
  const outcome = { kind: 'sent', at, code: 250, reason: 'accepted', nextAt: undefined } as const;
  await sender.withDueRows(1, at, (_, record) => record('row-1', outcome));
  await sender.close();
  assert.deepEqual(await operator.outbox({ all: false }), []);
  assert.equal((await operator.outbox({ all: true }))[0]?.state, 'sent');
  assert.deepEqual(await operator.deliveries('row-1'), [outcome]);
});

test('the journal is streamed in order, head and all, without any sealed byte', async () => {
  for (let step = 0; step < 3; step += 1) await commit({});
  const entries = [];
  for await (const page of operator.journal()) entries.push(...page);
  assert.deepEqual(
    entries.map(({ sequence }) => sequence),
    [1, 2, 3],
  );
  assert.deepEqual(entries.at(-1)?.head, (await operator.journalHead()).head);
  assert.ok(entries.every((entry) => !('sealed' in entry)));
});

async function commit(part: Partial<Step>): Promise<void> {
  assert.equal(await keyholder.commit(stepAfter(await keyholder.journalHead(), part)), 'committed');
}
