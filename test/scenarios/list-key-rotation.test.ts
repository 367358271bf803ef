import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { day } from '../../src/time/instant.ts';
import { address } from '../stand-ins/community.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { attachedKey, fingerprintsOf, mailKeyFiles, writeTo } from '../stand-ins/list-key-story.ts';
import { caseAddress, type Story, startStory } from '../stand-ins/story.ts';

/** A list's key is replaced in time: the new one is certified by the old, both open mail for 30 days (K6). */
let story: Story;
let alice: Person;
let bob: Person;
let robin: Person;
let number: string;
let old: string;
let fresh: string;

before(async () => {
  story = await startStory();
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  bob = await story.person('Bob', 'bob@suse.example', 'ed25519');
  robin = await story.person('Robin', 'robin@researcher.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.join('SUSE', 'linux-distros', bob);
  await story.order({ kind: 'administrator-add', list: 'linux-distros', address: address(alice.address) });
  [old = ''] = await fingerprintsOf(story, 'linux-distros');
  await writeTo(story, old, { from: robin, subject: '[vs] libfoo', body: 'canary-first', enclose: robin });
  [number = ''] = await story.cases();
  story.skipNews();
});
after(() => story.close());

test('readers, and the reporter of an open case apart, get the new key under the old one’s signature', async () => {
  const answer = await story.order({ kind: 'list-rotate-key', name: 'linux-distros', compromised: false });
  await story.settle();
  assert.match(answer.text.join('\n'), /signs with [0-9A-F]{40} from now on; 3 readers are told now/);
  const told = [await story.onlyNews(alice), await story.onlyNews(bob), await story.onlyNews(robin)];
  [fresh = ''] = await fingerprintsOf(story, 'linux-distros');
  assert.notEqual(fresh, old);
  for (const news of told) {
    assert.equal(news.signedBy, old);
    assert.equal(news.says('New key'), fresh);
    assert.match(news.says('Old key'), new RegExp(`^${old} opens what is encrypted to it until 2026-`));
  }
  assert.equal(told[0]?.sessionKey, told[1]?.sessionKey, 'one body for the members');
  assert.notEqual(told[0]?.sessionKey, told[2]?.sessionKey, 'a body of their own for the reporter (K5)');
  assert.equal(told[2]?.outer('Subject'), 'linux-distros notice', 'no case is named');
});

test('gpg takes the attached certificate and finds the old key’s certification on it good', async () => {
  const [news] = story.mailFor(bob.address).slice(-1);
  assert.ok(news);
  const { text } = await story.read(news);
  await story.gpg.importKey(attachedKey(text));
  const checked = await story.gpg.run(['--with-colons', '--check-sigs', fresh]);
  const signatures = Buffer.from(checked.stdout)
    .toString()
    .split('\n')
    .filter((line) => line.startsWith('sig:'));
  const good = signatures.filter((line) => line.startsWith('sig:!:')).map((line) => line.split(':')[4]);
  assert.ok(good.includes(old.slice(-16)), `certified by ${old}:\n${signatures.join('\n')}`);
  assert.ok(good.includes(fresh.slice(-16)), 'and by itself');
});

test('the key that is handed out, by command and to the public pages, is the new one; list show names both', async () => {
  const [current, ...others] = await fingerprintsOf(story, 'linux-distros');
  assert.deepEqual([current, others], [fresh, []]);
  const shown = await story.order({ kind: 'list-show', name: 'linux-distros' });
  assert.match(shown.text.join('\n'), new RegExp(`key +${fresh}\\n +${old}, opens mail until`));
});

test('everything after it is signed with the new key, and mail to either key is opened', async () => {
  for (const key of [old, fresh]) {
    story.skipNews();
    await writeTo(story, key, {
      from: alice,
      to: caseAddress(number),
      subject: 'Re: libfoo',
      body: `canary-${key}`,
    });
    const copy = await story.onlyNews(bob);
    assert.equal(copy.signedBy, fresh);
    assert.match(copy.text, new RegExp(`canary-${key}`));
  }
});

test('mail from before the end that nobody has decided about keeps the old key; then it is destroyed', async () => {
  const untagged = { from: 'Una <una@nowhere.example>', to: 'linux-distros@lists.example.org' } as const;
  await story.tell({ ...untagged, subject: 'hello', body: 'untagged' });
  const [held = ''] = await story.inbox('held');
  story.pass(30 * day - 60_000);
  await story.settle();
  assert.equal((await mailKeyFiles(story)).length, 2, 'the grace is not over');
  story.pass(61_000);
  await story.settle();
  assert.equal((await mailKeyFiles(story)).length, 2, 'a held mail may need it');
  await story.order({ kind: 'held-refuse', id: held, reason: 'advertising' });
  await story.settle();
  assert.deepEqual(await mailKeyFiles(story), [`mail-${fresh}.key`]);
  const shown = await story.order({ kind: 'list-show', name: 'linux-distros' });
  assert.ok(!shown.text.join('\n').includes(old));
});

test('what only the old key opens is held from then on', async () => {
  story.skipNews();
  await writeTo(story, old, { from: robin, subject: '[vs] late', body: 'canary-late' });
  assert.match((await story.onlyNews(alice)).says('Why'), /encrypted to keys that are none of our lists/);
  assert.deepEqual(await story.news(bob), []);
});

test('nothing else than keys lies where the keys are', async () => {
  const names = await readdir(join(story.directory, 'keyholder'), { recursive: true });
  assert.deepEqual(
    names.filter((name) => name.endsWith('.new')),
    [],
  );
});

test('the story ends with nothing forgotten', () => story.end());
