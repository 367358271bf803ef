import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Person } from '../stand-ins/founded-list.ts';
import { type Story, startStory } from '../stand-ins/story.ts';

/** Requests go before mail; one that the database refuses must not keep the reports behind it waiting (T8). */
let story: Story;
let alice: Person;
const list = 'linux-distros@lists.example.org';

before(async () => {
  story = await startStory({
    sink: { behaviour: () => ({ kind: 'reply', at: 'recipient', code: 550 }) },
  });
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.tell({
    from: 'R <r@h.example>',
    to: list,
    subject: '[vs] a',
    body: 'a',
    seal: 'linux-distros',
  });
});
after(() => story.close());

test('a request that cannot be committed is refused, and mail and further requests go on', async () => {
  const [row] = await story.query(`SELECT id FROM outbox WHERE state = 'failed'`);
  const id = String(row?.id);
  await story.query('BEGIN');
  await story.query('SELECT FROM outbox WHERE id = $1 FOR UPDATE', [id]);
  const busy = await story.ask({ kind: 'outbox-retry', id });
  assert.match(
    busy.kind === 'refused' ? busy.reason : '',
    /could not carry this out \(outbox-row-busy\); nothing/,
  );
  await story.query('ROLLBACK');
  await story.tell({
    from: 'R <r@h.example>',
    to: list,
    subject: '[vs] b',
    body: 'b',
    seal: 'linux-distros',
  });
  assert.equal((await story.cases()).length, 2);
  await story.order({ kind: 'outbox-retry', id });
  await story.settle();
  await story.end();
});
