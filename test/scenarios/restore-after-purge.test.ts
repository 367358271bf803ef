import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { day } from '../../src/time/instant.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { caseAddress, type Story, startStory } from '../stand-ins/story.ts';
import { backUpStory, restoreStory } from '../stand-ins/story-backup.ts';

/** K6, I12: a backup from before a purge comes back. What was purged does not: its keys are gone for good. */
let story: Story;
let alice: Person;
let file = '';
let purged = '';
const list = 'linux-distros@lists.example.org';
const rita = 'Rita <rita@researcher.example>';
const report = (word: string) => ({ from: rita, to: list, subject: `[vs] ${word}`, body: `canary ${word}` });

before(async () => {
  story = await startStory();
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.tell(report('first'));
  [purged = ''] = await story.cases();
  file = (await backUpStory(story, 'before-the-purge.backup')).file;
  await story.order({
    kind: 'case-close',
    caseNumber: purged,
    posting: 'https://lists.example.org/oss-security/1',
  });
  await story.order({ kind: 'purge', cases: [purged] });
  story.pass(day + 1);
  await story.order({ kind: 'purge', cases: [purged] });
});
after(() => story.close());

test('the keyholder starts on it, and says which cases today’s keys do not open', async () => {
  await restoreStory(story, file);
  await story.restartKeyholder();
  const shown = await story.order({ kind: 'restore-show' });
  assert.match(shown.text.join('\n'), new RegExp(`do not open\\n {2}${purged} of linux-distros`));
  await story.order({ kind: 'journal-verify' });
});

test('confirmed, the list works under keys of another name, and the purged case takes no reply', async () => {
  for (const part of ['roster', 'purges'] as const) await story.order({ kind: 'restore-confirm', part });
  await story.order({ kind: 'restore-confirm', part: 'outbox', uncertain: 'cancel' });
  await story.settle();
  story.skipNews();
  await story.tell(report('second'));
  assert.match((await story.onlyNews(alice)).text, /canary second/);
  const [door] = await story.query('SELECT epoch FROM doors');
  assert.match(String(door?.epoch), /^\d{4}-\d{2}\.02$/);
  await story.tell({ from: rita, to: caseAddress(purged), subject: 'Re: first', body: 'canary reply' });
  assert.equal((await story.inbox('held')).length, 1);
});

test('started again, it holds; a detail that is moved under a destroyed key now stops it', async () => {
  await story.restartKeyholder();
  await story.order({ kind: 'journal-verify' });
  const [opened] = await story.query(
    `SELECT max(sequence) AS sequence FROM journal WHERE kind = 'case-opened'`,
  );
  const [ended] = await story.query(`SELECT epoch FROM details WHERE epoch ~ '^\\d{4}-\\d{2}$' LIMIT 1`);
  await story.query('UPDATE details SET epoch = $1 WHERE sequence = $2', [ended?.epoch, opened?.sequence]);
  await assert.rejects(story.restartKeyholder(), { code: 'journal-refused' });
});
