import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { searchCluster, searchFiles, searchTables, tellAll } from '../stand-ins/at-rest.ts';
import { makeCanary, manyTimes } from '../stand-ins/canary.ts';
import { attackersHead, type UnderAttack, underAttack } from '../stand-ins/under-attack.ts';

/**
 * Attack: clear text dressed as an encrypted mail, by mistake or on purpose, so that a server which takes the dress for the
 * thing leaves it lying in clear, or passes it on as a report "that came encrypted". K2: whatever comes is sealed at the
 * door without a question, and what has no encrypted packet in it came in clear.
 * Deeper: `opener-hostile.test.ts`, `find-armour.test.ts`, `nothing-at-rest.test.ts` (mail in its usual shapes).
 */
let story: UnderAttack;
const secret = makeCanary();
const began = new Date();
const told = Buffer.from(manyTimes(secret)).toString('latin1');

before(async () => {
  story = await underAttack({ prepare: tellAll });
});
after(() => story.close());

const armour = (text: string) =>
  `-----BEGIN PGP MESSAGE-----\r\n\r\n${text}\r\n-----END PGP MESSAGE-----\r\n`;
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replace(/.{64}/g, '$&\r\n');
const literal = (text: string) =>
  Buffer.concat([
    Buffer.from([0xcb, 0xff, 0, 0, 0, 0]),
    Buffer.from('b\0\0\0\0\0'),
    Buffer.from(text, 'latin1'),
  ]);
/** A literal packet of any length. */
function literalPacket(): Buffer {
  const packet = literal(told);
  packet.writeUInt32BE(packet.length - 6, 2);
  return packet;
}
const pgpMime = (inside: string) =>
  [
    'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="e"',
    '',
    '--e\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n',
    `--e\r\nContent-Type: application/octet-stream; name="encrypted.asc"\r\n\r\n${inside}\r\n--e--\r\n`,
  ].join('\r\n');

const dresses: Readonly<Record<string, string>> = {
  'armour lines around clear text': `\r\n${armour(told)}`,
  'armour around the text in base64': `\r\n${armour(base64(Buffer.from(told, 'latin1')))}`,
  'armour around a packet of clear text': `\r\n${armour(base64(literalPacket()))}`,
  'a mail that calls itself encrypted': pgpMime(told),
  'a mail that calls itself encrypted, with armour around clear text': pgpMime(armour(told)),
  'one with armour around a packet of clear text': pgpMime(armour(base64(literalPacket()))),
  'a file that calls itself encrypted': `Content-Type: application/pgp-encrypted; name="x.pgp"\r\n\r\n${told}`,
};

for (const [name, body] of Object.entries(dresses)) {
  test(`${name}: it is held as what came in clear or cannot be read; no member has it`, async () => {
    story.skipNews();
    const before = (await story.inbox('held')).length;
    await story.attack(`${attackersHead('hello')}${body}`);
    assert.equal((await story.inbox('held')).length, before + 1);
    const held = await story.onlyNews(story.alice);
    assert.match(held.says('Why'), /came in clear|damaged/);
    assert.ok(held.sealed, 'administrators read it sealed');
    assert.deepEqual(await story.news(story.bob), []);
  });
}

test('none of it rests in clear: tables, files, WAL, the log of every statement, our own files, what left', async () => {
  const find = secret.findIn;
  assert.deepEqual(await searchTables(story.databases, find), []);
  assert.deepEqual(await searchCluster(story, began, find), []);
  assert.deepEqual(await searchFiles(story.directory, find), []);
  assert.deepEqual(find(Buffer.from(story.everythingSent(), 'latin1')), []);
  assert.deepEqual(find(Buffer.from(story.log.join('\n'))), []);
});

test('honest reports are served as before', async () => {
  await story.stillServes();
  await story.end();
});
