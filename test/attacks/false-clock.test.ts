import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { day } from '../../src/time/instant.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { type Story, startStory } from '../stand-ins/story.ts';

/** Attack: a clock that runs ahead for a minute when the month's storage key is made, and is then put right (T5). */
let story: Story;
let alice: Person;
const list = 'linux-distros@lists.example.org';

before(async () => {
  story = await startStory();
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
});
after(() => story.close());

test('mail is taken and read although the storage key seems to be of tomorrow', async () => {
  story.pass(40 * day);
  await story.settle();
  story.pass(-day);
  await story.tell({ from: 'R <r@h.example>', to: list, subject: '[vs] a', body: 'canary-early' });
  assert.match((await story.onlyNews(alice)).text, /canary-early/);
  await story.end();
});
