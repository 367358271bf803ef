import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { packetTag, readPackets } from '../../src/adapters/openpgp/packets.ts';
import { day } from '../../src/time/instant.ts';
import { revokeKey, revokeSubkey, setExpiry } from '../stand-ins/change-key.ts';
import { address } from '../stand-ins/community.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { askForADay, type KeyDirectory, type Page, startKeyDirectory } from '../stand-ins/key-directory.ts';
import { attackedList, type UnderAttack, underAttack } from '../stand-ins/under-attack.ts';

/**
 * Attack: whoever runs a member's web server, or its DNS, or a certificate authority, decides what the key directory (WKD) says
 * of a reader. It leaves out a revocation that we know; shows another key, one more subkey, an older version; answers
 * without end, never, from elsewhere, or with rubbish. None of it gives anybody a copy, takes one from anybody else, or
 * mails the administrators every day. Deeper: `ask-directory.test.ts`, `merge-certificate.test.ts` (a child that lies).
 */
const skip = spawnSync('openssl', ['version']).status !== 0;
let story: UnderAttack;
let directory: KeyDirectory;

before(async () => {
  if (skip) return;
  story = await underAttack();
  directory = await startKeyDirectory(['openpgpkey.debian.example', 'openpgpkey.suse.example'], {
    within: 2_000,
  });
});
after(async () => {
  await story?.close();
  await directory?.close();
});

const publicOf = (person: Person) => story.gpg.exportPublic(person.fingerprint);
const nextDay = async (page: Page) => {
  directory.publish(story.bob.address, page);
  const before = directory.asked.length;
  await askForADay(story, directory.ask);
  assert.ok(directory.asked.slice(before).some((line) => line.startsWith('openpgpkey.suse.example ')));
};
/** What the journal has taken of certificates, and what sender may seal to Bob by. */
const state = async () => [
  await story.query(`SELECT kind, count(*)::int FROM journal WHERE kind LIKE 'certificate-%' GROUP BY kind`),
  await keysOfBob(),
];
const keysOfBob = async () => {
  const [row] = await story.query('SELECT encryption_key_ids FROM readers WHERE address = $1', [
    story.bob.address,
  ]);
  return [...Object(row?.encryption_key_ids)];
};
const changes = async (person: Person) =>
  (await story.news(person)).filter((news) => news.says('Change') !== '');
const alarms = async () =>
  (await story.news(story.alice)).map((news) => news.says('What')).filter((what) => what !== '');

/** Packets of one certificate, without those that `drop` names. */
function without(bytes: Uint8Array, drop: (tag: number, body: Uint8Array) => boolean): Uint8Array {
  const { packets } = readPackets(bytes, 1_000);
  return Buffer.concat(
    packets.filter(({ tag, body }) => !drop(tag, body ?? new Uint8Array())).map(({ raw }) => raw),
  );
}

const revocations: readonly number[] = [0x20, 0x28, 0x30];
const isRevocation = (tag: number, body: Uint8Array) =>
  tag === packetTag.signature && revocations.includes(body[1] ?? 0);

test('a revoked subkey stays revoked when the directory shows the certificate without it, old or new', {
  skip,
}, async () => {
  await story.stillServes();
  const { gpg, bob } = story;
  // Bob's own second key, which the operator adds as he asks.
  await gpg.addEncryptionSubkey(bob.fingerprint, 'cv25519');
  await story.order({
    kind: 'representative-add',
    member: 'SUSE',
    address: address(bob.address),
    certificate: await story.publicKey(bob),
  });
  story.pass(day + 1);
  const old = await publicOf(bob);
  await story.settle();
  story.skipNews();
  const two = await keysOfBob();
  assert.equal(two.length, 2);
  await revokeSubkey(gpg, bob.fingerprint, 1);
  await nextDay(await publicOf(bob));
  const one = await keysOfBob();
  assert.deepEqual(one, two.slice(1));
  assert.match((await changes(story.alice))[0]?.says('Change') ?? '', /has revoked the key [0-9A-F]{16} of/);
  // As it was before; and as it would be now, if nobody had revoked anything.
  await nextDay(old);
  assert.deepEqual(await keysOfBob(), one);
  await setExpiry(gpg, bob.fingerprint, '2y');
  await nextDay(without(await publicOf(bob), isRevocation));
  story.pass(day + 1);
  await story.settle();
  assert.deepEqual(await keysOfBob(), one);
  await story.stillServes();
});

test('another key at the directory gets nothing; administrators hear of it once, not daily', {
  skip,
}, async () => {
  const mallory = await story.person('Bob', story.bob.address, 'ed25519');
  const before = await state();
  story.skipNews();
  await nextDay(await publicOf(mallory));
  assert.deepEqual(await alarms(), [
    `The key directory (WKD) of suse.example has another certificate for bob@suse.example than we know: ${mallory.fingerprint}. Nothing was changed.`,
  ]);
  for (let days = 0; days < 2; days += 1) {
    await nextDay(Buffer.concat([await publicOf(story.bob), await publicOf(mallory)]));
    assert.deepEqual(await alarms(), []);
  }
  assert.deepEqual(await state(), before);
  assert.deepEqual(await changes(story.bob), []);
  await story.stillServes();
});

test('a directory that shows another stranger every day is no daily mail either', { skip }, async () => {
  story.skipNews();
  for (const name of ['Eve', 'Trudy'])
    await nextDay(await publicOf(await story.person(name, 'x@y.example', 'ed25519')));
  assert.deepEqual(await alarms(), []);
});

test('one more subkey gets no copy: not one that the key has not bound, nor one that it has', {
  skip,
}, async () => {
  const before = await state();
  const known = await publicOf(story.bob);
  const foreign = readPackets(
    await publicOf(await story.person('Eve', 'e@y.example', 'ed25519')),
    100,
  ).packets;
  const subkey = foreign.findIndex(({ tag }) => tag === packetTag.publicSubkey);
  await nextDay(Buffer.concat([known, ...foreign.slice(subkey).map(({ raw }) => raw)]));
  assert.deepEqual(await state(), before);
  await story.gpg.addEncryptionSubkey(story.bob.fingerprint, 'cv25519');
  story.pass(30 * day);
  story.skipNews();
  await nextDay(await publicOf(story.bob));
  assert.deepEqual(await state(), before);
  assert.match(
    (await alarms()).join(),
    /has a further key of the certificate of bob@suse\.example: [0-9A-F]{16}\./,
  );
  await story.stillServes();
});

const endless: Page = (_, response) => {
  const more = (): void => {
    if (!response.destroyed) response.write(Buffer.alloc(65_536, 0x99), () => setImmediate(more));
  };
  more();
};
/** Small, and thousands of packets. */
const flood = () => Buffer.concat(Array.from({ length: 60_000 }, () => Uint8Array.of(0xc2, 1, 4)));

const answers: Readonly<Record<string, () => Promise<Page> | Page>> = {
  'an answer without end': () => endless,
  'one that never comes': () => () => undefined,
  'one that trickles': () => (_, response) => void response.writeHead(200).write('a'),
  'a redirect into our own network': () => (_, response) =>
    response.writeHead(301, { location: 'https://127.0.0.1/' }).end(),
  'a page for people': () => Buffer.from('<html>Not found</html>'),
  rubbish: () => Buffer.alloc(10_000, 0xc6),
  'a flood of packets': flood,
  'half a certificate': async () => (await publicOf(story.bob)).subarray(0, 200),
  'his secret key': () => story.gpg.exportSecret(story.bob.fingerprint),
  'the certificate in an earlier version': async () => without(await publicOf(story.bob), isRevocation),
  'a fault of the server': () => (_, response) => response.writeHead(500).end(),
};

for (const [name, page] of Object.entries(answers)) {
  test(`${name} changes nothing, and nobody is mailed about it`, { skip }, async () => {
    story.skipNews();
    const before = await state();
    await nextDay(await page());
    assert.deepEqual(await state(), before);
    assert.deepEqual([...(await changes(story.alice)), ...(await alarms())], []);
  });
}

test('a sender that was taken over writes no instant without end, and its locks hold up no report', {
  skip,
}, async () => {
  const thief = new Client(story.databases.as('sender'));
  await thief.connect();
  try {
    for (const column of ['asked_at', 'answered_at'])
      await assert.rejects(thief.query(`UPDATE key_lookups SET ${column} = 'infinity'`), { code: '23514' });
    story.pass(day);
    await story.settle();
    const answer = `UPDATE key_lookups SET said = 'found', certificate = 'x', answered_at = $1`;
    await thief.query(answer, [new Date(story.now())]);
    await thief.query('BEGIN');
    await thief.query('UPDATE key_lookups SET asked_at = asked_at');
    await story.stillServes();
    assert.ok(story.log.some((line) => line.startsWith('key-answer-not-taken')));
  } finally {
    await thief.end();
  }
});

test('what was revoked as a whole stays so, and the others read on', { skip }, async () => {
  const old = await publicOf(story.bob);
  await revokeKey(story.gpg, story.bob.fingerprint);
  await nextDay(await publicOf(story.bob));
  assert.deepEqual(await keysOfBob(), []);
  await nextDay(old);
  assert.deepEqual(await keysOfBob(), []);
  story.skipNews();
  await story.tell({
    from: story.robin,
    to: attackedList,
    subject: 'x',
    body: 'canary-last',
    seal: 'linux-distros',
  });
  assert.ok((await story.news(story.alice)).some(({ text }) => text.includes('canary-last')));
  assert.ok((await story.news(story.bob)).every(({ sealed }) => !sealed));
  await story.end();
});
