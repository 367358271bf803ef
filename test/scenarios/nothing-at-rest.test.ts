import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Find, searchCluster, searchFiles, searchTables, tellAll } from '../stand-ins/at-rest.ts';
import { makeCanary, manyTimes } from '../stand-ins/canary.ts';
import { address } from '../stand-ins/community.ts';
import { type FoundedList, foundedList, type Person } from '../stand-ins/founded-list.ts';
import { vouchingFor } from '../stand-ins/mail-resolver.ts';
import { ownReader } from '../stand-ins/own-reader.ts';
import {
  attachment,
  bytes,
  crlf,
  encryptedMail,
  head,
  multipart,
  utf8,
} from '../stand-ins/report-formats.ts';

/**
 * I2: no private cleartext rests anywhere. A secret word stands in subject, text, attachment, file name and hidden
 * author's name of clear, encrypted, held and unopenable mail; afterwards everything that a thief of the machine would
 * have is searched for it, in every dress.
 */
const secret = makeCanary();
/** A name that the author wrote in clear: outer From repeats it (M5), and that one column holds it (docs/schema.md). */
const openName = makeCanary();
const began = new Date();

let list: FoundedList;
let alice: Person;
let robin: Person;

before(async () => {
  list = await foundedList({ prepare: tellAll, resolver: vouchingFor('researcher.example') });
  alice = await list.person('Alice', 'alice@debian.example', 'ed25519');
  robin = await list.person('Robin', 'robin@researcher.example', 'ed25519');
  await list.join('Debian', 'linux-distros', alice);
  await list.order({ kind: 'administrator-add', list: 'linux-distros', address: address(alice.address) });
  for (const raw of await mails()) {
    const to = ['linux-distros@lists.example.org'];
    assert.match(await list.send({ from: robin.address, to, raw: bytes(raw) }), /^250 /);
  }
  await list.settle();
});
after(() => list.close());

async function mails(): Promise<readonly string[]> {
  const told = manyTimes(secret);
  const report = multipart('mixed', [
    crlf('Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit', '', utf8(told)),
    attachment(`${secret.word}.txt`.replace('ü', 'u'), Buffer.from(told)),
  ]);
  const seal = (content: string) => list.sealTo('linux-distros', bytes(content), robin);
  const hidden = utf8(crlf(`From: ${secret.word} <${robin.address}>`, `Subject: ${secret.word} overflows`));
  const key = attachment('k.asc', bytes(await list.publicKey(robin)), 'application/pgp-keys');
  const byHand = await list.gpg.encrypt(told, ['linux-distros@lists.example.org']);
  const subject = `[vs] ${utf8(secret.word)} overflows`;
  const clear = head('clear', { ...robin, name: utf8(openName.word) }, subject);
  const stranger = await list.person('Nobody', 'nobody@mail.example', 'ed25519');
  const foreign = Buffer.from(await list.gpg.encrypt(told, [stranger.fingerprint], ['--armor'])).toString();
  return [
    `${clear}${report}`,
    encryptedMail('sealed', robin, await seal(`${hidden}${report}`)),
    encryptedMail('pinned', robin, await seal(multipart('mixed', [report, key], '', 'outer'))),
    `${head('by-hand', robin, subject)}${multipart('mixed', [attachment('x.gpg', Buffer.from(byHand))])}`,
    `${head('held', robin, `${utf8(secret.word)} untagged`)}${report}`,
    encryptedMail('unopenable', robin, foreign, `${utf8(secret.word)} for somebody else`),
  ];
}

const nothing: readonly Find[] = [];

test('the members did get it: the word is in their copies, for whoever has the key', async () => {
  const reader = await ownReader(list, [alice.fingerprint]);
  try {
    const copies = list.mailFor(alice.address).filter((mail) => /^Subject: VS-\S+ new\r$/m.test(mail.raw));
    assert.equal(copies.length, 4);
    for (const copy of copies) {
      const { whole } = await reader.read(copy);
      assert.notDeepEqual(secret.findIn(Buffer.from(whole)), []);
    }
    const states = await list.query('SELECT state, count(*)::int FROM inbox GROUP BY state ORDER BY state');
    assert.deepEqual(states, [
      { state: 'held', count: 2 },
      { state: 'judged', count: 4 },
    ]);
  } finally {
    await reader.remove();
  }
});

test('no row of either database holds it, nor what PostgreSQL keeps about them', async () => {
  assert.deepEqual(await searchTables(list.databases, secret.findIn), nothing);
});

test('no file of PostgreSQL holds it: tables, WAL, statistics, and a log of every statement and parameter', async () => {
  assert.deepEqual(await searchCluster(list, began, secret.findIn), nothing);
});

test('none of our own files, and no line of our log', async () => {
  assert.deepEqual(await searchFiles(list.directory, secret.findIn), nothing);
  assert.deepEqual(secret.findIn(Buffer.from(list.log.join('\n'))), []);
  assert.ok(list.log.length > 0, 'there is a log');
});

test('nothing that left holds it: copies, receipts in clear and sealed, advice about held mail', async () => {
  const mail = list.sink.mails();
  for (const { raw, recipient } of mail)
    assert.deepEqual(secret.findIn(bytes(raw)), [], `for ${recipient}: ${raw}`);
  const toRobin = mail.filter(({ recipient }) => recipient === robin.address);
  const clear = toRobin.filter(({ raw }) => !raw.includes('BEGIN PGP MESSAGE'));
  assert.ok(clear.length > 0, 'a receipt went out in clear');
  assert.ok(toRobin.length > clear.length, 'and one sealed');
});

test('a name that its author gave in clear rests in outer From, and nowhere else', async () => {
  const finds = await searchTables(list.databases, openName.findIn);
  assert.deepEqual([...new Set(finds.map(({ place }) => place))], ['private bodies.envelope_head']);
  assert.deepEqual(openName.findIn(Buffer.from(list.log.join('\n'))), []);
  assert.deepEqual(await searchFiles(list.directory, openName.findIn), nothing);
});

test('the search would have found it: in every dress, in tables, in files, in the log', async () => {
  const planted = makeCanary();
  for (const dress of planted.dresses.values()) {
    await list.query('CREATE TABLE IF NOT EXISTS planted (found bytea)');
    await list.query('INSERT INTO planted VALUES ($1)', [Buffer.concat([Buffer.from('<'), dress])]);
  }
  const all = [...planted.dresses.keys()];
  const seen = (finds: readonly Find[], place: RegExp) =>
    new Set(finds.filter((find) => place.test(find.place)).flatMap(({ dresses }) => dresses));
  const rows = await searchTables(list.databases, planted.findIn);
  assert.deepEqual([...seen(rows, /^private planted\.found$/)].sort(), [...all].sort());
  const files = await searchCluster(list, began, planted.findIn);
  assert.deepEqual([...seen(files, /^base\//)].sort(), [...all].sort(), 'table files');
  assert.deepEqual([...seen(files, /^pg_wal\//)].sort(), [...all].sort(), 'WAL');
  // Bind parameters, which a log shows in hexadecimal: of each dress one stands there at least.
  assert.ok(seen(files, /\.log$/).has('hexadecimal'), 'the log');
  // Ours speak in that log too, not only this test.
  const insert = 'insert into "inbox"';
  const spoken = await searchCluster(list, began, (bytes) => (bytes.includes(insert) ? [insert] : []));
  assert.ok(
    spoken.some(({ place }) => place.endsWith('.log')),
    "intake's insert is in the log",
  );
  await writeFile(join(list.directory, 'planted'), planted.word);
  assert.deepEqual(await searchFiles(list.directory, planted.findIn), [
    { place: 'planted', dresses: ['as it is'] },
  ]);
});
