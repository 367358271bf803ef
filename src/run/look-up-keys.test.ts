import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { address } from '../../test/stand-ins/community.ts';
import { type DatabasePair, databasePair } from '../../test/stand-ins/database-pair.ts';
import { openLookUpStore } from '../adapters/postgres/lookup-store.ts';
import { openPrivateStore } from '../adapters/postgres/private-store.ts';
import type { AskDirectory } from '../message/look-up/key-lookup.ts';
import { day, hour, type Instant, instantFromMilliseconds, later, minute } from '../time/instant.ts';
import { lastTurn, lookUpDue, startLookUps } from './look-up-keys.ts';

/** Both sides of the table of look-ups, each with its own role, and the order of the day. */
const noon = instantFromMilliseconds(Date.UTC(2026, 10, 24, 12));
const people = Array.from({ length: 30 }, (_, index) => ({
  readerId: randomUUID(),
  address: address(`p${index}@member${index}.example`),
}));
let pair: DatabasePair;
let keyholder: ReturnType<typeof openPrivateStore>;
let sender: ReturnType<typeof openLookUpStore>;

before(async () => {
  pair = await databasePair();
  keyholder = openPrivateStore(pair.as('keyholder'));
  sender = openLookUpStore(pair.as('sender'));
});
after(async () => {
  await Promise.all([keyholder.close(), sender.close()]);
  await pair.drop();
});

const log = { info: () => undefined, warn: () => undefined };
async function lookUp(
  now: Instant,
  ask: AskDirectory = async () => ({ kind: 'none' }),
): Promise<readonly string[]> {
  const asked: string[] = [];
  await lookUpDue({
    store: sender,
    ask: (mailbox) => {
      asked.push(mailbox);
      return ask(mailbox);
    },
    clock: () => now,
    log,
  });
  return asked;
}

test('everybody is asked once a day, each at an hour of their own, and never as soon as they come', async () => {
  await keyholder.answers.seek(people, noon);
  assert.deepEqual(await lookUp(noon), []);
  const times = new Map<string, number[]>();
  for (let passed = 0.5; passed <= 48; passed += 0.5) {
    for (const one of await lookUp(later(noon, passed * hour)))
      times.set(one, [...(times.get(one) ?? []), passed]);
  }
  assert.equal(times.size, people.length);
  for (const [first = 0, second = 0, ...more] of times.values()) {
    assert.equal(second - first, 24);
    assert.deepEqual(more, []);
  }
  assert.ok(new Set([...times.values()].map(([first]) => first)).size > 10, 'spread over the day');
});

test('the hour depends on the id and the day, on nothing else', () => {
  for (const { readerId } of people) {
    const turn = lastTurn({ readerId }, noon);
    assert.ok(turn <= noon && turn > noon - day);
    assert.equal(lastTurn({ readerId }, later(noon, day)), turn + day);
  }
});

test('after days without it, there is no burst', async () => {
  const late = later(noon, 10 * day);
  assert.equal((await lookUp(late)).length, 20);
  assert.equal((await lookUp(late)).length, 10);
  assert.deepEqual(await lookUp(late), []);
});

test('the process looks every five minutes, one round at a time, and goes on after a fault', async (context) => {
  context.mock.timers.enable({ apis: ['setInterval'] });
  const rounds: (() => void)[] = [];
  const faults: unknown[] = [];
  let asked = 0;
  const lookUps = startLookUps({
    store: {
      ...sender,
      rows: () => {
        asked += 1;
        return new Promise((resolve, reject) => {
          rounds.push(asked === 1 ? () => reject(new Error('gone')) : () => resolve([]));
        });
      },
    },
    ask: async () => ({ kind: 'none' }),
    clock: () => noon,
    log: { info: () => undefined, warn: (event) => faults.push(event) },
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  assert.equal(asked, 0);
  for (const expected of [1, 1, 1]) {
    context.mock.timers.tick(5 * minute);
    assert.equal(asked, expected);
  }
  rounds.shift()?.();
  await turn();
  assert.deepEqual(faults, ['key-lookups-not-made']);
  context.mock.timers.tick(5 * minute);
  assert.equal(asked, 2);
  lookUps.stop();
  rounds.shift()?.();
  await turn();
  context.mock.timers.tick(day);
  assert.equal(asked, 2);
});

/** As if the sender had just asked for this person. */
async function turnOf(readerId: string) {
  const row = (await sender.rows()).find((one) => one.readerId === readerId);
  return { readerId, takenAt: row?.askedAt ?? noon };
}

test('of two senders one has the turn', async () => {
  const [row] = await sender.rows();
  assert.ok(row);
  const turns = await Promise.all([
    sender.take(row, later(noon, 20 * day)),
    sender.take(row, later(noon, 21 * day)),
  ]);
  assert.deepEqual(turns.toSorted(), [false, true]);
});

test('an answer is read once, and another of the same person not before half a day is over', async () => {
  const { answers } = keyholder;
  const [one] = people;
  assert.ok(one);
  const at = (days: number) => later(noon, days * day);
  const unread = async (since: Instant) => (await answers.unread(10, since)).map(({ readerId }) => readerId);
  await sender.answer(await turnOf(one.readerId), { kind: 'found', bytes: Uint8Array.of(1, 2) }, at(30));
  assert.deepEqual(await unread(at(29)), [one.readerId]);
  await answers.markRead(one.readerId, at(30.1));
  assert.deepEqual(await unread(at(40)), []);
  await sender.answer(await turnOf(one.readerId), { kind: 'found', bytes: Uint8Array.of(3) }, at(30.2));
  assert.deepEqual(await unread(at(30)), []);
  assert.deepEqual(await unread(at(30.6)), [one.readerId]);
  const said = (await answers.lastAnswers()).find(({ readerId }) => readerId === one.readerId)?.said;
  assert.deepEqual(said, { kind: 'found', at: at(30.2) });
});

test('a failed answer takes the one before away; one larger than allowed is refused by the database', async () => {
  const [, two] = people;
  assert.ok(two);
  await sender.answer(await turnOf(two.readerId), { kind: 'found', bytes: Uint8Array.of(1) }, noon);
  await sender.answer(await turnOf(two.readerId), { kind: 'failed', reason: 'timeout' }, noon);
  assert.ok((await keyholder.answers.unread(100, noon)).every(({ readerId }) => readerId !== two.readerId));
  const huge = { kind: 'found', bytes: new Uint8Array(300 * 1024) } as const;
  await assert.rejects(sender.answer(await turnOf(two.readerId), huge, noon), { code: '23514' });
});

test('the rows are exactly the people; who goes takes their answer along, a new address begins anew', async () => {
  const [one, two, ...rest] = people;
  assert.ok(one && two);
  const moved = { ...two, address: address('elsewhere@other.example') };
  const asked = await turnOf(two.readerId);
  await keyholder.answers.seek([moved, ...rest], later(noon, 90 * day));
  await sender.answer(asked, { kind: 'found', bytes: Uint8Array.of(9) }, later(noon, 90 * day));
  const late = (await keyholder.answers.unread(100, later(noon, 90 * day))).map(({ readerId }) => readerId);
  assert.ok(!late.includes(two.readerId), 'what the old address said is no answer to the new question');
  const rows = await sender.rows();
  assert.equal(rows.length, people.length - 1);
  assert.ok(rows.every(({ readerId }) => readerId !== one.readerId));
  const last = (await keyholder.answers.lastAnswers()).find(({ readerId }) => readerId === two.readerId);
  assert.deepEqual(last, { ...moved, said: undefined });
});
