import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { address } from '../stand-ins/community.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { type Story, startStory } from '../stand-ins/story.ts';
import { backUpStory, restoreStory } from '../stand-ins/story-backup.ts';

/**
 * Attack: who writes the database puts an older copy there and says that it was restored (T6, I12). A generation counts
 * only where `restore` wrote it beside the keys; and a thaw counts only by the journal.
 */
let story: Story;
let alice: Person;
let file = '';
const refusedJournal = { code: 'journal-refused' };

before(async () => {
  story = await startStory();
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  file = (await backUpStory(story, 'a.backup')).file;
  await story.order({ kind: 'representative-suspend', member: 'Debian', address: address(alice.address) });
});
after(() => story.close());

const head = async () => (await story.query('SELECT generation, size, head FROM journal_head'))[0];
const post = () =>
  story.post({
    from: 'R <r@h.example>',
    to: 'linux-distros@lists.example.org',
    subject: '[vs] a',
    body: 'a',
  });

test('a generation that the database alone claims stops a running keyholder, and one that starts', async () => {
  await story.query('UPDATE journal_head SET generation = 2');
  await post();
  await assert.rejects(story.settle(), refusedJournal);
  await assert.rejects(story.restartKeyholder(), refusedJournal);
  await story.query('UPDATE journal_head SET generation = 1');
  await story.restartKeyholder();
});

test('an older copy that claims to be restored is refused as an older copy', async () => {
  const before = await head();
  const lost = await story.query('SELECT * FROM journal ORDER BY sequence DESC LIMIT 1');
  const [last] = lost;
  const [end] = await story.query('SELECT size, head FROM journal_head');
  await story.query('DELETE FROM journal WHERE sequence = $1', [last?.sequence]);
  const [previous] = await story.query('SELECT sequence, head FROM journal ORDER BY sequence DESC LIMIT 1');
  await story.query('UPDATE journal_head SET generation = 2, size = $1, head = $2', [
    previous?.sequence,
    previous?.head,
  ]);
  await assert.rejects(story.restartKeyholder(), refusedJournal);
  assert.ok(last);
  await story.query('INSERT INTO journal VALUES ($1, $2, $3, $4, $5, $6)', [
    last.sequence,
    last.at,
    last.kind,
    last.subject,
    last.commitment,
    last.head,
  ]);
  await story.query('UPDATE journal_head SET generation = 1, size = $1, head = $2', [end?.size, end?.head]);
  assert.deepEqual(await head(), before);
  await story.restartKeyholder();
});

test('after a true restore, taking its first entry away again does not thaw it', async () => {
  await restoreStory(story, file);
  await story.restartKeyholder();
  const [restored] = await story.query('SELECT generation, size, head FROM journal_head');
  await story.query(
    'DELETE FROM details WHERE sequence >= (SELECT min(sequence) FROM journal WHERE kind = $1)',
    ['database-restored'],
  );
  await assert.rejects(story.restartKeyholder(), refusedJournal);
  await restoreStory(story, file);
  await story.query('UPDATE journal_head SET generation = $1', [restored?.generation]);
  await assert.rejects(story.restartKeyholder(), refusedJournal);
  await story.query('UPDATE journal_head SET generation = 1');
  await assert.rejects(story.restartKeyholder(), refusedJournal);
});

test('a memory beside the keys that was damaged stops it, rather than bring a right back', async () => {
  await restoreStory(story, file);
  const memory = join(story.directory, 'keyholder', 'roster-memory');
  const good = await readFile(memory);
  await writeFile(memory, good.subarray(0, -5));
  await assert.rejects(story.restartKeyholder(), refusedJournal);
  await writeFile(memory, good);
  await story.restartKeyholder();
  const shown = await story.order({ kind: 'restore-show' });
  assert.match(shown.text.join('\n'), /alice@debian\.example \(Debian\), suspended/);
});

test('without that memory, as on another machine, it is frozen all the same, and says whom to look at', async () => {
  await rm(join(story.directory, 'keyholder', 'roster-memory'));
  await restoreStory(story, file);
  await story.restartKeyholder();
  const shown = await story.order({ kind: 'restore-show' });
  assert.match(
    shown.text.join('\n'),
    /at the restore\n {2}none\n[\s\S]*alice@debian\.example \(Debian\) {3}active/,
  );
  assert.match(shown.text.join('\n'), /Frozen until these are confirmed/);
  assert.deepEqual(story.mailFor(alice.address), []);
});
