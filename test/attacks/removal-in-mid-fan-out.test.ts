import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minute } from '../../src/time/instant.ts';
import { address } from '../stand-ins/community.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import type { SinkBehaviour } from '../stand-ins/mail-sink.ts';
import { type Story, startStory } from '../stand-ins/story.ts';

/**
 * Attack (A6, P5): a representative is suspended while copies are on their way out, and their server does what it can to
 * be served first or last. From that instant they get none, whoever puts a row back. Deeper: test/scenarios/roster.test.ts,
 * src/adapters/postgres/outbox-store.test.ts.
 */
let story: Story;
let alice: Person;
const others: Person[] = [];
/** Their copies wait in the outbox. */
let late: Person;
/** Their server answers when the story lets it. */
let slow: Person;
const list = 'linux-distros@lists.example.org';

let refuseLate = true;
let slowAnswers = Promise.resolve();
let slowReached = () => {};

const behaviour = (recipient: string): SinkBehaviour => {
  if (recipient === 'late@arch.example' && refuseLate) return { kind: 'reply', at: 'recipient', code: 451 };
  if (recipient === 'slow@suse.example') {
    return { kind: 'wait', at: 'recipient', until: slowAnswers, reached: slowReached };
  }
  return { kind: 'take' };
};

for (const pipelining of [true, false]) {
  test(`relay ${pipelining ? 'with' : 'without'} pipelining`, async (t) => {
    await t.test('founding', () => found(pipelining));
    await t.test('honest: everybody reads, the slow one too', async () => {
      await report('canary-honest');
      for (const reader of [alice, slow, ...others]) assert.match(await read(reader), /canary-honest/);
    });
    await t.test(
      'suspended while their server lets us wait at RCPT, they have no copy when it answers',
      async () => {
        const reached = new Promise<void>((resolve) => {
          slowReached = resolve;
        });
        const held = Promise.withResolvers<void>();
        slowAnswers = held.promise;
        const told = story.tell({ ...rita, body: 'canary-held', subject: '[vs] held' });
        await reached;
        await story.order({ kind: 'representative-suspend', member: 'SUSE', address: address(slow.address) });
        held.resolve();
        await told;
        await story.settle();
        assert.equal(await read(slow), '', 'nothing after that instant');
        for (const reader of [alice, ...others])
          assert.match(await read(reader), /canary-held/, 'nobody else waits');
      },
    );
    await t.test(
      'suspended while their copies wait, they have none, even if somebody puts the rows back',
      async () => {
        refuseLate = true;
        await report('canary-waiting');
        await story.order({ kind: 'representative-suspend', member: 'Arch', address: address(late.address) });
        refuseLate = false;
        story.pass(2 * minute);
        await story.settle();
        assert.equal(await read(late), '');
        await story.query(`UPDATE outbox SET state = 'queued', settled_at = NULL WHERE recipient = $1`, [
          late.address,
        ]);
        await story.settle();
        assert.equal(await read(late), '');
        const states = await story.query('SELECT DISTINCT state FROM outbox WHERE recipient = $1', [
          late.address,
        ]);
        assert.deepEqual(states, [{ state: 'cancelled' }]);
      },
    );
    await t.test('closing', () => story.close());
  });
}

const rita = { from: 'Rita <rita@researcher.example>', to: list, seal: 'linux-distros' } as const;

async function found(pipelining: boolean): Promise<void> {
  refuseLate = true;
  slowAnswers = Promise.resolve();
  others.length = 0;
  story = await startStory({ sink: { behaviour, pipelining } });
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  slow = await story.person('Slow', 'slow@suse.example', 'ed25519');
  late = await story.person('Late', 'late@arch.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.join('SUSE', 'linux-distros', slow);
  await story.join('Arch', 'linux-distros', late);
  for (let index = 0; index < 12; index += 1) {
    const other = await story.person(`Other ${index}`, `other${index}@many.example`, 'ed25519');
    await story.join(`Member ${index}`, 'linux-distros', other);
    others.push(other);
  }
}

async function report(body: string): Promise<void> {
  await story.tell({ ...rita, subject: `[vs] ${body}`, body });
}

async function read(person: Person): Promise<string> {
  return (await story.news(person)).map(({ text }) => text).join('\n');
}
