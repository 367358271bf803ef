import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { day } from '../../src/time/instant.ts';
import { address } from '../stand-ins/community.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { type Story, startStory } from '../stand-ins/story.ts';

/** All keys leave the machine for one person only, whom the members have heard of before (K6, A6, P7). */
let story: Story;
let alice: Person;
let bob: Person;
let robin: Person;

before(async () => {
  story = await startStory({ lists: ['linux-distros', 'distros'] });
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  bob = await story.person('Bob', 'bob@suse.example', 'rsa2048');
  robin = await story.person('Robin', 'robin@researcher.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.join('SUSE', 'linux-distros', bob);
  for (const person of [alice, bob])
    await story.order({ kind: 'administrator-add', list: 'linux-distros', address: address(person.address) });
  await story.tell({
    from: robin,
    to: 'linux-distros@lists.example.org',
    subject: '[vs] libfoo',
    body: 'canary-first',
    seal: 'linux-distros',
    signer: robin,
    enclose: robin,
  });
  story.skipNews();
});
after(() => story.close());

test('without a custodian nothing is exported', async () => {
  assert.match(
    await refusal({ kind: 'key-export' }),
    /^There is no custodian .*embargod key custodian ADDRESS$/,
  );
});

test('nobody is custodian who does not administer every private list', async () => {
  const asked = { kind: 'key-custodian', address: address(alice.address) } as const;
  assert.match(
    await refusal(asked),
    /does not administer distros yet: embargod list administrator add distros/,
  );
  assert.match(await refusal({ ...asked, address: address(robin.address) }), /is no representative/);
  for (const person of [alice, bob])
    await story.order({ kind: 'administrator-add', list: 'distros', address: address(person.address) });
  story.pass(day);
  await story.settle();
  story.skipNews();
});

test('whoever is named is announced to the members, and is custodian a day later', async () => {
  await story.order({ kind: 'key-custodian', address: address(alice.address) });
  await story.settle();
  const news = await story.news(bob);
  assert.ok(news.length > 0);
  for (const told of news)
    assert.match(told.says('Change'), /^alice@debian\.example \(Debian\) becomes the custodian of the keys/);
  assert.match(await refusal({ kind: 'key-export' }), /^The custodian is one from 2026-/);
  story.pass(day);
});

test('the export opens with the custodian’s key alone, is all keys, and is told to every administrator', async () => {
  story.skipNews();
  const answer = await story.order({ kind: 'key-export' });
  await story.settle();
  const armour = answer.text.join('\n');
  const packets = await story.gpg.run(['--list-packets', '--list-only'], armour);
  const readers = packets.status.filter((line) => line.startsWith('ENC_TO'));
  assert.equal(readers.length, 1);
  const opened = await story.gpg.decrypt(armour);
  const document = JSON.parse(Buffer.from(opened.stdout).toString());
  const names: readonly string[] = document.keys.map((key: { name: string }) => key.name);
  for (const wanted of [
    /^statement$/,
    /^request$/,
    /^tokens$/,
    /^records-/,
    /^lists\/distros\/mail-/,
    /^lists\/linux-distros\/storage-/,
  ])
    assert.ok(
      names.some((name) => wanted.test(name)),
      String(wanted),
    );
  for (const person of [alice, bob]) {
    const news = await story.news(person);
    const [told, ...more] = news.map((one) => one.says('Sealed to')).filter((said) => said !== '');
    assert.equal(told, `alice@debian.example (Debian) ${alice.fingerprint}`);
    assert.deepEqual(more, [], 'told once, whatever the number of their lists');
  }
  const journalled = await story.query(`SELECT subject FROM journal WHERE kind = 'keys-exported'`);
  assert.deepEqual(journalled, [{ subject: null }]);
});

test('after a theft of a list’s key the custodian proves their own before anything is exported again', async () => {
  await story.order({ kind: 'list-rotate-key', name: 'linux-distros', compromised: true });
  await story.settle();
  assert.match(await refusal({ kind: 'key-export' }), /^The custodian has yet to prove their key/);
});

test('a suspended custodian is one no more, and restoring them does not bring it back', async () => {
  await story.order({ kind: 'representative-suspend', member: 'Debian', address: address(alice.address) });
  await story.order({ kind: 'representative-restore', member: 'Debian', address: address(alice.address) });
  story.pass(2 * day);
  assert.match(await refusal({ kind: 'key-export' }), /^There is no custodian/);
});

test('the story ends with nothing forgotten', () => story.end());

async function refusal(request: Parameters<Story['ask']>[0]): Promise<string> {
  const answer = await story.ask(request);
  return answer.kind === 'refused' ? answer.reason : `done: ${answer.text.join(' ')}`;
}
