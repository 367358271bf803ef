import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { hour } from '../../src/time/instant.ts';
import { address } from '../stand-ins/community.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { attachedKey, fingerprintsOf, mailKeyFiles, writeTo } from '../stand-ins/list-key-story.ts';
import { vouchingFor } from '../stand-ins/mail-resolver.ts';
import { type Story, startStory } from '../stand-ins/story.ts';

/** A list's key was stolen: no grace, a revocation for everybody, and its administrators prove their own keys. */
let story: Story;
let alice: Person;
let bob: Person;
let robin: Person;
let old: string;
let fresh: string;
let proofAddress: string;
let underWay: string;
const list = 'linux-distros@lists.example.org';

before(async () => {
  story = await startStory({ resolver: vouchingFor('vouched.example') });
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  bob = await story.person('Bob', 'bob@suse.example', 'ed25519');
  robin = await story.person('Robin', 'robin@researcher.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.join('SUSE', 'linux-distros', bob);
  for (const person of [alice, bob])
    await story.order({ kind: 'administrator-add', list: 'linux-distros', address: address(person.address) });
  [old = ''] = await fingerprintsOf(story, 'linux-distros');
  await writeTo(story, old, { from: robin, subject: '[vs] libfoo', body: 'canary-first', enclose: robin });
  underWay = await story.sealTo('linux-distros', 'Content-Type: text/plain\r\n\r\ncanary-old\r\n', robin);
  story.skipNews();
});
after(() => story.close());

test('the old key is destroyed at once, and everybody is told under the new one to compare it elsewhere', async () => {
  const answer = await story.order({ kind: 'list-rotate-key', name: 'linux-distros', compromised: true });
  assert.deepEqual((await mailKeyFiles(story)).length, 1, 'it is gone from the disk');
  await story.settle();
  [fresh = ''] = await fingerprintsOf(story, 'linux-distros');
  assert.match(answer.text.join('\n'), new RegExp(`${old} is revoked and destroyed`));
  assert.match(answer.text.join('\n'), /2 administrators are asked to prove their keys/);
  // The two leave together, and may arrive either way round.
  const both = await story.news(alice);
  const told = both.find((news) => news.says('Warning') !== '');
  const asked = both.find((news) => news !== told);
  assert.ok(told && asked && both.length === 2);
  for (const news of [told, asked, await story.onlyNews(robin)]) assert.equal(news.signedBy, fresh);
  assert.match(told.says('Warning'), new RegExp(old));
  assert.match(told.says('Compare'), /by another way than this mail/);
  proofAddress = asked.outer('Reply-To');
  assert.match(proofAddress, /^linux-distros\+prove-[a-z2-7]{26}@/);
});

test('gpg knows from the attached file that the old key is revoked, and why; the public pages hand out the same', async () => {
  const [mail] = story.mailFor(robin.address).slice(-1);
  assert.ok(mail);
  const attached = attachedKey((await story.read(mail)).text);
  const printed = await story.order({ kind: 'list-key', name: 'linux-distros' });
  assert.equal(attached.trim(), printed.text.join('\n').trim());
  assert.deepEqual(await fingerprintsOf(story, 'linux-distros'), [fresh, old], 'the current one first');
  const listed = await story.gpg.run(['--with-colons', '--list-sigs', old]);
  const lines = Buffer.from(listed.stdout).toString();
  assert.match(lines, /^pub:r:/m);
  // RFC 9580 §5.2.3.31: 2 is "key material has been compromised".
  assert.match(lines, /^rev:.*:20x,02:/m);
  assert.doesNotMatch(
    Buffer.from((await story.gpg.run(['--list-sigs', fresh])).stdout).toString(),
    new RegExp(old.slice(-16)),
    'the stolen key vouches for nothing',
  );
});

test('what was encrypted to the stolen key and comes in now is opened by nobody, and held', async () => {
  story.skipNews();
  await story.tell({ from: robin, to: list, subject: '...', body: underWay });
  assert.match((await story.onlyNews(bob)).says('Why'), /encrypted to keys that are none of our lists/);
  const [held = ''] = await story.inbox('held');
  await story.order({ kind: 'held-refuse', id: held, reason: 'asked to send it again' });
});

test('the keys of every month are others too, and nothing rests under the old ones', async () => {
  const resting = await story.query(
    'SELECT epoch FROM details UNION SELECT epoch FROM home_keys UNION SELECT epoch FROM inbox UNION SELECT epoch FROM doors',
  );
  assert.ok(resting.length > 0);
  for (const { epoch } of resting) assert.match(String(epoch), /\.02$/);
  const names = await readdir(join(story.directory, 'keyholder'), { recursive: true });
  const keys = names.filter((name) => /^records-|\/storage-/.test(name));
  assert.ok(keys.length > 0);
  for (const name of keys) assert.match(name, /\.02\.key$/);
  const verified = await story.order({ kind: 'journal-verify' });
  assert.match(verified.text.join(), /^The journal verifies/);
});

test('until they have proved their key, an administrator passes no held mail', async () => {
  const rita = 'Rita <rita@vouched.example>';
  await story.tell({ from: rita, to: list, subject: 'untagged', body: 'canary-held' });
  const [held = ''] = await story.inbox('held');
  const [told] = story.mailFor('rita@vouched.example');
  const replyTo = /^Reply-To: (\S+)\r$/m.exec(told?.raw ?? '')?.[1] ?? '';
  story.skipNews();
  await writeTo(story, fresh, { from: alice, to: replyTo, subject: 'pass it', body: 'a report' });
  assert.deepEqual(await story.inbox('held'), [held]);
  const news = await story.onlyNews(alice);
  assert.match(
    news.says('Note'),
    /alice@debian\.example has yet to prove their key as an administrator of linux-distros/,
  );
});

test('an answer proves nothing when somebody else signed it, or nobody', async () => {
  story.skipNews();
  await writeTo(story, fresh, { from: bob, to: proofAddress, subject: 'Re: prove', body: 'it is me' });
  assert.match(
    (await story.onlyNews(alice)).says('Note'),
    /proves nothing: it is not signed by the administrator who was asked/,
  );
  story.skipNews();
  await story.tell({ from: alice, to: proofAddress, subject: 'Re: prove', body: 'it is me' });
  assert.match((await story.onlyNews(alice)).says('Note'), /proves nothing: it has no valid signature/);
  assert.equal((await proofsOwed()).length, 2);
});

test('an answer under their own signature proves it; they are told, and act as administrators again', async () => {
  story.skipNews();
  await writeTo(story, fresh, { from: alice, to: proofAddress, subject: 'Re: prove', body: 'It is me.' });
  assert.match((await story.onlyNews(alice)).says('Now'), /is done again/);
  assert.deepEqual(await story.news(bob), []);
  assert.deepEqual(await proofsOwed(), [{ owner: bob.address, hours: 72 }]);
  const [told] = story.mailFor('rita@vouched.example');
  const replyTo = /^Reply-To: (\S+)\r$/m.exec(told?.raw ?? '')?.[1] ?? '';
  await writeTo(story, fresh, { from: alice, to: replyTo, subject: 'pass it', body: 'a report indeed' });
  assert.deepEqual(await story.inbox('held'), []);
});

test('a task to prove ends with the office that it was about, and by nobody’s command', async () => {
  const [owed] = await story.query(
    `SELECT id FROM obligations WHERE kind = 'prove-key' AND settled_at IS NULL`,
  );
  const settled = await story.ask({ kind: 'obligation-settle', id: String(owed?.id), ending: 'trust me' });
  assert.match(
    settled.kind === 'refused' ? settled.reason : '',
    /ends by that administrator’s signed answer/,
  );
  await story.order({
    kind: 'administrator-remove',
    list: 'linux-distros',
    address: address(bob.address),
    sure: true,
  });
  story.pass(hour);
  await story.settle();
  assert.deepEqual(await proofsOwed(), []);
});

test('the story ends with nothing forgotten', () => story.end());

function proofsOwed() {
  return story.query(
    `SELECT owner, (extract(epoch FROM due_at - opened_at) / 3600)::int AS hours FROM obligations
     WHERE kind = 'prove-key' AND settled_at IS NULL`,
  );
}
