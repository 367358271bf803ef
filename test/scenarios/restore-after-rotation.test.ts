import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { day } from '../../src/time/instant.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { fingerprintsOf, mailKeyFiles } from '../stand-ins/list-key-story.ts';
import { type Story, startStory } from '../stand-ins/story.ts';
import { backUpStory, restoreStory } from '../stand-ins/story-backup.ts';

/** T6, I12: a backup from before a list's key was replaced comes back. The old key does not. */
let story: Story;
let alice: Person;
let file = '';
let fresh = '';
const rotate = () => story.order({ kind: 'list-rotate-key', name: 'linux-distros', compromised: false });

before(async () => {
  story = await startStory();
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  // The backup knows one replacement already, and its current key is destroyed by the time it comes back.
  await rotate();
  file = (await backUpStory(story, 'before-the-rotation.backup')).file;
  await rotate();
  [fresh = ''] = await fingerprintsOf(story, 'linux-distros');
  story.pass(31 * day);
  await story.settle();
  assert.deepEqual(await mailKeyFiles(story), [`mail-${fresh}.key`]);
});
after(() => story.close());

test('the keyholder says again in the journal which key is current, and tells that the other was replaced', async () => {
  await restoreStory(story, file);
  await story.restartKeyholder();
  const shown = await story.order({ kind: 'restore-show' });
  assert.match(shown.text.join('\n'), /the key of linux-distros, which was replaced/);
  const [again] = await story.query(`SELECT subject FROM journal WHERE kind = 'list-keys-remembered'`);
  assert.deepEqual(again, { subject: 'linux-distros' });
});

test('confirmed, the list works with the key that it had come to', async () => {
  for (const part of ['roster', 'purges'] as const) await story.order({ kind: 'restore-confirm', part });
  await story.order({ kind: 'restore-confirm', part: 'outbox', uncertain: 'cancel' });
  await story.settle();
  assert.deepEqual(await fingerprintsOf(story, 'linux-distros'), [fresh]);
  story.skipNews();
  await story.tell({
    from: 'Rita <rita@researcher.example>',
    to: 'linux-distros@lists.example.org',
    subject: '[vs] libfoo',
    body: 'canary',
  });
  assert.equal((await story.onlyNews(alice)).signedBy, fresh);
});
