import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { day, hour, minute } from '../../src/time/instant.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import type { SinkBehaviour } from '../stand-ins/mail-sink.ts';
import { type Story, startStory } from '../stand-ins/story.ts';

/** The clock is stepped by a day, both ways, while mail comes in and copies wait: late at worst, never lost or twice. */
const list = 'linux-distros@lists.example.org';
const reporter = 'R <r@h.example>';
let story: Story;
let alice: Person;
let bob: Person;
/** Bob's server has no time now. */
let greylisting = false;

const behaviour = (recipient: string): SinkBehaviour =>
  greylisting && recipient.startsWith('bob@')
    ? { kind: 'reply', at: 'recipient', code: 450 }
    : { kind: 'take' };

before(async () => {
  story = await startStory({ sink: { behaviour } });
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  bob = await story.person('Bob', 'bob@suse.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.join('SUSE', 'linux-distros', bob);
  // Keys are some days old when the clock goes wrong.
  story.pass(3 * day);
  await story.settle();
});
after(() => story.close());

const report = (word: string) =>
  story.tell({ from: reporter, to: list, subject: `[vs] ${word}`, body: word });
const textsOf = async (person: Person) => (await story.news(person)).map(({ text }) => text);
/** The reports among a reader's news; the daily digest comes besides. */
const reportsOf = async (person: Person) =>
  (await textsOf(person)).flatMap((text) => /canary-[a-z]+/.exec(text)?.[0] ?? []);

for (const [way, step] of [
  ['forward', day],
  ['back', -day],
] as const) {
  test(`a day ${way} between two reports, and right again: each arrives once, while it is wrong too`, async () => {
    story.skipNews();
    await report(`canary-before${way}`);
    story.pass(step);
    await report(`canary-wrong${way}`);
    story.pass(-step);
    await report(`canary-right${way}`);
    for (const reader of [alice, bob])
      assert.deepEqual(await reportsOf(reader), [
        `canary-before${way}`,
        `canary-wrong${way}`,
        `canary-right${way}`,
      ]);
  });

  test(`a day ${way} while a copy waits for its next attempt: it arrives once, and no sooner than its time`, async () => {
    story.skipNews();
    greylisting = true;
    await report(`canary-grey${way}`);
    greylisting = false;
    story.pass(step);
    await story.settle();
    const waiting = await story.query(`SELECT FROM outbox WHERE recipient = $1 AND state = 'deferred'`, [
      bob.address,
    ]);
    // A clock that is behind makes it late; one that is ahead finds it due.
    assert.equal(waiting.length, way === 'forward' ? 0 : 1);
    story.pass(-step);
    story.pass(2 * minute);
    await story.settle();
    assert.deepEqual(await reportsOf(bob), [`canary-grey${way}`]);
    assert.deepEqual(await reportsOf(alice), [`canary-grey${way}`]);
  });
}

test('a clock that jumps ahead and back sends the day’s digest no second time, and the days go on afterwards', async () => {
  story.skipNews();
  const digests = async () => (await textsOf(alice)).filter((text) => !/canary-/.test(text)).length;
  story.pass(day);
  await story.settle();
  const ahead = await digests();
  story.pass(-day);
  await story.settle();
  story.pass(day);
  await story.settle();
  assert.equal(await digests(), 0, `${ahead} while it was ahead, none again for the same day`);
  story.pass(day + hour);
  await story.settle();
  await story.end();
});
