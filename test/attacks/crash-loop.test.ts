import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { address } from '../stand-ins/community.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { type Story, startStory } from '../stand-ins/story.ts';

/** Attack: one mail that kills whoever handles it, so that the server starts, dies and never reaches the next (T8). */
let story: Story;
let alice: Person;
const list = 'linux-distros@lists.example.org';

before(async () => {
  story = await startStory();
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.order({ kind: 'administrator-add', list: 'linux-distros', address: address(alice.address) });
});
after(() => story.close());

test('a mail whose every attempt ended with the process is held for a person, and the reports behind it are read', async () => {
  await story.post({ from: 'E <e@evil.example>', to: list, subject: '[vs] killer', body: 'canary-killer' });
  // What a process leaves behind that died over it: attempts, and no outcome.
  await story.query('INSERT INTO inbox_attempts (inbox_id, attempts) SELECT id, 3 FROM inbox');
  await story.tell({ from: 'R <r@h.example>', to: list, subject: '[vs] real', body: 'canary-real' });
  assert.equal((await story.inbox('held')).length, 1, 'not tried a fourth time');
  assert.equal((await story.cases()).length, 1);
  const texts = (await story.news(alice)).map(({ text }) => text).join('\n');
  assert.match(texts, /could not be handled/);
  assert.match(texts, /canary-real/);
  assert.doesNotMatch(texts, /canary-killer/);
  await story.end();
});
