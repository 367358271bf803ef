import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { day } from '../../src/time/instant.ts';
import { revokeKey, setExpiry } from '../stand-ins/change-key.ts';
import { address } from '../stand-ins/community.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { askForADay, type KeyDirectory, startKeyDirectory } from '../stand-ins/key-directory.ts';
import type { SinkBehaviour } from '../stand-ins/mail-sink.ts';
import { type Story, startStory } from '../stand-ins/story.ts';
import { backUpStory, restoreStory } from '../stand-ins/story-backup.ts';
import { writeLetter } from '../stand-ins/story-letter.ts';

/**
 * A story of what people publish of their keys (WKD): Sam prolongs one that would have ended, Alice revokes one that was
 * stolen. Real gpg keys and revocations, a real directory over HTTPS; sender asks, the keyholder takes it (A6).
 */
const skip = spawnSync('openssl', ['version']).status !== 0;
const list = 'linux-distros@lists.example.org';
let story: Story;
let directory: KeyDirectory;
let alice: Person;
let sam: Person;
let dora: Person;
let away = false;
/** Alice's certificate as it was before she revoked it. */
let old: Uint8Array;
let signedByThief = '';
let backup: Awaited<ReturnType<typeof backUpStory>>;

/** While Alice's server is away, her copies stay in the outbox. */
const behaviour = (recipient: string): SinkBehaviour =>
  recipient === 'alice@debian.example' && away
    ? { kind: 'reply', at: 'recipient', code: 451 }
    : { kind: 'take' };

before(async () => {
  if (skip) return;
  directory = await startKeyDirectory(['openpgpkey.debian.example', 'suse.example']);
  story = await startStory({ sink: { behaviour } });
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  sam = await story.person('Sam', 'sam@suse.example', 'rsa2048', '5d');
  dora = await story.person('Dora', 'dora@arch.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.join('SUSE', 'linux-distros', sam);
  await story.join('Arch', 'linux-distros', dora);
  await story.order({
    kind: 'administrator-add',
    list: 'linux-distros',
    address: address(dora.address),
  });
  await report('canary-first');
  for (const person of [alice, sam, dora]) assert.match((await story.onlyNews(person)).text, /canary-first/);
});
after(async () => {
  await story?.close();
  await directory?.close();
});

async function report(body: string): Promise<void> {
  await story.tell({
    from: 'rita@reporter.example',
    to: list,
    subject: '[vs] a flaw',
    body,
    seal: 'linux-distros',
  });
}

const publish = async (person: Person) =>
  directory.publish(person.address, await story.gpg.exportPublic(person.fingerprint));
const copies = `SELECT state FROM outbox WHERE recipient = $1 AND kind = 'copy' ORDER BY created_at`;
const states = async (person: Person) =>
  (await story.query(copies, [person.address])).map((row) => row.state);
const taken = () => story.query(`SELECT count(*) FROM journal WHERE kind LIKE 'certificate-%'`);
/** What the members were told of changes, by one of them. */
const changes = async (person: Person) =>
  (await story.news(person)).filter((news) => news.says('Change') !== '');

test('a directory that says what is known changes nothing, and nobody hears of it', { skip }, async () => {
  for (const person of [alice, sam]) await publish(person);
  const before = await taken();
  await askForADay(story, directory.ask);
  assert.equal(directory.asked.length, 2);
  assert.deepEqual(await taken(), before);
  for (const person of [alice, sam, dora]) assert.deepEqual(await changes(person), []);
});

test('the operator sees when they were asked, and what was said', { skip }, async () => {
  const { text } = await story.order({ kind: 'certificate-check', within: day });
  assert.match(
    text.join('\n'),
    /Key directories \(WKD\), last asked 20.*: 2 with a certificate, 1 without, 0 failed, 0 not asked yet\.$/,
  );
});

test('a longer validity is announced to the members, and counts a day later', { skip }, async () => {
  await setExpiry(story.gpg, sam.fingerprint, '2y');
  await publish(sam);
  await askForADay(story, directory.ask);
  for (const member of [alice, sam, dora]) {
    const [told] = await changes(member);
    assert.equal(
      told?.says('Change'),
      `sam@suse.example (SUSE) has prolonged the certificate ${sam.fingerprint}, as the key directory (WKD) of suse.example says`,
    );
    assert.match(told?.says('In effect') ?? '', /^from 20\d\d-/);
  }
  story.pass(4 * day);
  await story.settle();
  story.skipNews();
  await report('canary-after-its-first-end');
  assert.match((await story.onlyNews(sam)).text, /canary-after-its-first-end/);
  story.skipNews();
});

test('a revocation counts at once: what was queued is cancelled, the others are told', { skip }, async () => {
  away = true;
  await report('canary-while-away');
  assert.equal((await states(alice)).at(-1), 'deferred');
  // Not in a sender's hands in that very moment: what is, it checks again and holds (P5).
  await story.query(`UPDATE outbox SET next_at = next_at + interval '9 days' WHERE state = 'deferred'`);
  story.skipNews();
  backup = await backUpStory(story, 'before-the-revocation');
  signedByThief = await writeLetter(
    { from: alice, to: list, subject: '[vs] x', body: 'y', seal: 'linux-distros', signer: alice },
    story,
  );
  old = await story.gpg.exportPublic(alice.fingerprint);
  await revokeKey(story.gpg, alice.fingerprint);
  await publish(alice);
  await askForADay(story, directory.ask);
  assert.equal((await states(alice)).at(-1), 'cancelled');
  away = false;
  for (const member of [sam, dora]) {
    const [told, ...more] = await changes(member);
    assert.deepEqual(more, []);
    assert.equal(
      told?.says('Change'),
      `alice@debian.example (Debian) has revoked the certificate ${alice.fingerprint}, as the key directory (WKD) of debian.example says. Copies that had not left were cancelled. Nothing can be sealed to alice@debian.example now.`,
    );
    assert.equal(told?.says('In effect'), 'now');
  }
  story.skipNews();
});

test('from then on she gets no copy, the others do, and they are told who was not reached', {
  skip,
}, async () => {
  await report('canary-after-revocation');
  // One mail in clear, that something waits; once.
  const [waiting, ...more] = await story.news(alice);
  assert.deepEqual([waiting?.sealed, more], [false, []]);
  assert.match(waiting?.text ?? '', /it has been revoked/);
  const copy = await story.onlyNews(sam);
  assert.match(copy.text, /canary-after-revocation/);
  assert.match(copy.text, /alice@debian\.example/);
  assert.ok(
    (await story.news(dora)).some((news) => news.text.includes('Mail waits for alice@debian.example')),
  );
});

test('what the revoked key signs is held, not believed', { skip }, async () => {
  assert.match(await story.send({ from: alice.address, to: [list], raw: signedByThief }), /^250 /);
  await story.settle();
  const [held = '', ...more] = await story.inbox('held');
  assert.deepEqual(more, []);
  story.skipNews();
  await story.order({ kind: 'held-refuse', id: held, reason: 'It is not hers.' });
});

test('the operator sees it too', { skip }, async () => {
  const { text, data } = await story.order({ kind: 'certificate-check', within: day });
  assert.match(text.join('\n'), /^alice@debian\.example \(Debian\) {3}[0-9A-F]{40} {3}revoked$/m);
  assert.match(JSON.stringify(data), /"directory":"found"/);
});

test('when the directory forgets the revocation, we do not', { skip }, async () => {
  directory.publish(alice.address, old);
  await askForADay(story, directory.ask);
  story.skipNews();
  await report('canary-later');
  assert.ok((await story.news(alice)).every(({ sealed }) => !sealed));
  assert.equal((await states(alice)).at(-1), 'parked');
});

test('nothing is forgotten', { skip }, () => story.end());

test('a backup of before comes back, and her key is as revoked as it was', { skip }, async () => {
  const keysOf = `SELECT encryption_key_ids FROM readers WHERE address = 'alice@debian.example'`;
  await restoreStory(story, backup.file);
  assert.equal(Object((await story.query(keysOf))[0]?.encryption_key_ids).length, 1);
  await story.restartKeyholder();
  assert.deepEqual(await story.query(keysOf), [{ encryption_key_ids: [] }]);
  const { text } = await story.order({ kind: 'certificate-check', within: day });
  assert.match(text.join('\n'), /^alice@debian\.example \(Debian\) {3}[0-9A-F]{40} {3}revoked$/m);
});
