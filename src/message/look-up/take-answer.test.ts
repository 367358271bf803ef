import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, noon } from '../../../test/stand-ins/community.ts';
import { after, makeDesk } from '../../../test/stand-ins/desk.ts';
import {
  mergeWords,
  useOfWords,
  wordCertificate,
  wordsOf,
} from '../../../test/stand-ins/word-certificates.ts';
import type { Certificate } from '../../membership/certificate.ts';
import { currentCertificates } from '../../membership/roster.ts';
import { day, type Instant, later } from '../../time/instant.ts';
import type { Desk } from '../desk.ts';
import type { Event } from '../journal/event.ts';
import type { AnswerTools } from './take-answer.ts';
import { takeAnswer } from './take-answer.ts';

const tools = (copies: readonly Certificate[]): AnswerTools => ({
  read: async () =>
    copies.map((certificate) => ({
      certificate,
      use: useOfWords(certificate),
      encryptionKeys: [],
      holds: { from: undefined, until: undefined },
    })),
  use: async (certificate) => useOfWords(certificate),
  merge: mergeWords,
});

/** Bob's certificate as the roster has it from the beginning; the list has had its first report. */
function deskWith(words: string, ...events: readonly Event[]): Desk {
  const has = {
    kind: 'certificate-added',
    representative: 'bob',
    certificate: wordCertificate(words),
    effectiveFrom: noon,
  };
  const inUse = {
    kind: 'data-purged',
    cases: [],
    lists: ['linux-distros'],
    details: [],
    inbox: [],
    at: noon,
  } as const;
  return makeDesk([{ ...has, kind: 'certificate-added' }, inUse, ...events]);
}

const answer = { readerId: 'bob', bytes: new Uint8Array() };
const take = (desk: Desk, ...copies: readonly string[]) =>
  takeAnswer(answer, desk, tools(copies.map((words) => wordCertificate(words))));
const added = (plan: Awaited<ReturnType<typeof take>>) =>
  plan?.events.map((event) =>
    event.kind === 'certificate-added'
      ? [wordsOf(event.certificate).join(' '), (event.effectiveFrom - noon) / day]
      : event.kind,
  );
function now(desk: Desk, at: Instant = desk.now): readonly string[] {
  const bob = desk.knowledge.roster.representatives.get('bob');
  return bob ? currentCertificates(bob, at).map((one) => wordsOf(one).join(' ')) : [];
}

test('nothing new: no plan at all', async () => {
  assert.equal(await take(deskWith('k1 +5d'), 'k1'), undefined);
  assert.equal(await take(deskWith('k1 +5d')), undefined);
});

test('a revocation counts now, and what was queued is cancelled with it', async () => {
  const plan = await take(deskWith('k1 k2'), 'k1 k2 -k1');
  assert.deepEqual(added(plan), [['k1 k2 -k1', 0]]);
  assert.deepEqual(plan?.cancelFor, ['bob']);
  assert.deepEqual(
    plan?.readers.map(({ id, standing }) => [id, standing]),
    [['bob', 'active']],
  );
  // He reads on with the other key, and is told too.
  assert.deepEqual(
    plan?.outgoing[0]?.readers.map(({ id }) => id),
    ['alice', 'bob'],
  );
});

test('of several copies in one answer each is read: the revocation may be in the last', async () => {
  const desk = deskWith('k1 k2');
  const plan = await take(desk, 'k1 k2', 'k1 k2 +9d', 'k1 k2 -k1');
  assert.ok(plan);
  assert.deepEqual(plan.cancelFor, ['bob']);
  assert.match(now(after(desk, plan))[0] ?? '', /-k1/);
});

test('with the last key the reader is told nothing more; the others are', async () => {
  const plan = await take(deskWith('k1'), 'k1 -k1');
  assert.deepEqual(
    plan?.outgoing[0]?.readers.map(({ id }) => id),
    ['alice'],
  );
});

test('longer waits a day, shorter does not', async () => {
  const longer = await take(deskWith('k1 +5d'), 'k1 +9d');
  assert.deepEqual(added(longer), [['k1 +5d +9d', 1]]);
  assert.equal(longer?.outgoing.length, 1);
  assert.deepEqual(longer?.cancelFor, []);
  const shorter = await take(deskWith('k1 +5d'), 'k1 +2d');
  assert.deepEqual(added(shorter), [['k1 +5d +2d', 0]]);
});

test('a revocation that comes with a longer validity does not wait for it', async () => {
  const desk = deskWith('k1 k2 +5d');
  const plan = await take(desk, 'k1 k2 -k1 +9d');
  assert.deepEqual(added(plan), [
    ['k1 k2 +5d -k1', 0],
    ['k1 k2 +5d -k1 +9d', 1],
  ]);
  assert.ok(plan);
  const next = after(desk, plan);
  assert.deepEqual(now(next), ['k1 k2 +5d -k1']);
  assert.deepEqual(now(next, later(noon, day)), ['k1 k2 +5d -k1 +9d']);
  // The same answer a day later, or before: nothing new.
  assert.equal(await take(next, 'k1 k2 -k1 +9d'), undefined);
});

test('what an operator added and still waits keeps its time, and learns of the revocation', async () => {
  const waiting = later(noon, day / 2);
  const desk = deskWith('k1', {
    kind: 'certificate-added',
    representative: 'bob',
    certificate: wordCertificate('k1 k2'),
    effectiveFrom: waiting,
  });
  const plan = await take(desk, 'k1 k2 -k1');
  assert.deepEqual(added(plan), [
    ['k1 -k1', 0],
    ['k1 k2 -k1', 0.5],
  ]);
  assert.ok(plan);
  const next = after(desk, plan);
  assert.deepEqual(now(next), ['k1 -k1']);
  assert.deepEqual(now(next, waiting), ['k1 k2 -k1']);
});

test('somebody who still waits altogether is not let in sooner', async () => {
  const desk = makeDesk([
    {
      kind: 'representative-added',
      id: 'bob',
      member: 'SUSE',
      address: address('bob@suse.example'),
      certificate: wordCertificate('k1 +5d'),
      effectiveFrom: later(noon, day),
    },
  ]);
  assert.deepEqual(added(await take(desk, 'k1 +9d')), [['k1 +5d +9d', 1]]);
});

test('before the first report nothing waits, and nobody is told', async () => {
  const desk = makeDesk([
    {
      kind: 'certificate-added',
      representative: 'bob',
      certificate: wordCertificate('k1 +5d'),
      effectiveFrom: noon,
    },
  ]);
  const plan = await take(desk, 'k1 +9d');
  assert.deepEqual(added(plan), [['k1 +5d +9d', 0]]);
  assert.deepEqual(plan?.outgoing, []);
});

test('a further key is told to the administrators once, and again when it is another a month later', async () => {
  const desk = deskWith('k1');
  const plan = await take(desk, 'k1 k9');
  assert.deepEqual(added(plan), ['directory-differed']);
  assert.equal(plan?.outgoing.length, 1);
  assert.ok(plan);
  for (const [days, copy, told] of [
    [1, 'k1 k9', false],
    [2, 'k1 k8', false],
    [31, 'k1 k9', false],
    [31, 'k1 k8', true],
  ] as const) {
    const knowing = after(desk, plan, later(noon, days * day));
    assert.equal((await take(knowing, copy)) !== undefined, told, `${days} ${copy}`);
  }
});

test('an answer about somebody who is suspended, removed or unknown is not read', async () => {
  const read: AnswerTools = { ...tools([]), read: () => Promise.reject(new Error('It was read.')) };
  const suspended = deskWith('k1', { kind: 'representative-suspended', representative: 'bob' });
  assert.equal(await takeAnswer(answer, suspended, read), undefined);
  assert.equal(await takeAnswer({ ...answer, readerId: 'nobody' }, deskWith('k1'), read), undefined);
});
