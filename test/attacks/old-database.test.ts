import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { address } from '../stand-ins/community.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { type Story, startStory } from '../stand-ins/story.ts';

/** Attack: an older copy of the database is put under a keyholder that runs (T6, I12). */
let story: Story;
let alice: Person;
const list = 'linux-distros@lists.example.org';

before(async () => {
  story = await startStory();
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
});
after(() => story.close());

test('a journal that got shorter stops the running keyholder at once; it neither works on nor spins', async () => {
  const [before] = await story.query('SELECT size, head FROM journal_head');
  await story.order({ kind: 'representative-suspend', member: 'Debian', address: address(alice.address) });
  await story.query('DELETE FROM details WHERE sequence > $1', [before?.size]);
  await story.query('DELETE FROM journal WHERE sequence > $1', [before?.size]);
  await story.query('UPDATE journal_head SET size = $1, head = $2', [before?.size, before?.head]);
  await story.post({ from: 'R <r@h.example>', to: list, subject: '[vs] a', body: 'a' });
  await assert.rejects(story.settle(), { code: 'journal-refused' });
  assert.deepEqual(story.mailFor(alice.address), []);
});
