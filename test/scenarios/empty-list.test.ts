import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { day } from '../../src/time/instant.ts';
import { address } from '../stand-ins/community.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { type Story, startStory } from '../stand-ins/story.ts';

/** A list that nobody reads yet: a report must not be filed for an audience of none (I5, A5). */
let story: Story;
let alice: Person;
const report = {
  from: 'Rita <rita@researcher.example>',
  to: 'linux-distros@lists.example.org',
  subject: '[vs] libfoo',
  body: 'canary-report',
  seal: 'linux-distros',
} as const;

before(async () => {
  story = await startStory();
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
});
after(() => story.close());

test('a report to a list without readers is held, with an owner and a time, and no passing files it for nobody', async () => {
  await story.tell(report);
  assert.deepEqual(await story.cases(), []);
  const [id = ''] = await story.inbox('held');
  await story.order({ kind: 'held-pass', id, reason: 'a try' });
  await story.settle();
  assert.deepEqual([await story.cases(), await story.inbox('held')], [[], [id]]);
  await story.end();
});

test('mail to an owner address that has no administrators waits too', async () => {
  await story.tell({
    from: 'Olga <olga@h.example>',
    to: 'linux-distros-owner@lists.example.org',
    subject: 'a',
    body: 'b',
  });
  assert.equal((await story.inbox('held')).length, 2);
});

test('once somebody reads, passing it gives them the report', async () => {
  await story.join('Debian', 'linux-distros', alice);
  await story.order({ kind: 'administrator-add', list: 'linux-distros', address: address(alice.address) });
  story.pass(day + 1);
  await story.settle();
  story.skipNews();
  for (const id of await story.inbox('held'))
    await story.order({ kind: 'held-pass', id, reason: 'readers now' });
  await story.settle();
  assert.equal((await story.cases()).length, 1);
  const texts = (await story.news(alice)).map((one) => one.text);
  assert.equal(texts.filter((text) => text.includes('canary-report')).length, 1);
  assert.equal(texts.filter((text) => text.includes('mail to the administrators')).length, 1);
  await story.end();
});
