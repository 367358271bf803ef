import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FoundedList, foundedList, type Person } from '../stand-ins/founded-list.ts';

/** The main job, as the newcomer's page tells it: one encrypted report in, every member's own copy out. */
let list: FoundedList;
let robin: Person;

before(async () => {
  list = await foundedList();
  await list.join('Debian', 'linux-distros', await list.person('Alice', 'alice@debian.example', 'ed25519'));
  await list.join('SUSE', 'linux-distros', await list.person('Bob', 'bob@suse.example', 'rsa2048'));
  robin = await list.person('Robin', 'robin@researcher.example', 'ed25519');
});
after(() => list.close());

test('a report that gpg encrypted reaches every member, each in a copy that only their gpg opens', async () => {
  const inside = `Content-Type: text/plain; charset=utf-8\r\n\r\nlibfoo 2.3 writes past its heap: canary-7c1d.\r\n`;
  const armour = await list.sealTo('linux-distros', inside, robin);
  const raw = [
    'From: Robin <robin@researcher.example>',
    'To: linux-distros@lists.example.org',
    'Subject: ...',
    'Message-ID: <first@researcher.example>',
    'MIME-Version: 1.0',
    'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="b"',
    '',
    '--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n',
    `--b\r\nContent-Type: application/octet-stream\r\n\r\n${armour}\r\n--b--`,
    '',
  ].join('\r\n');
  assert.match(
    await list.send({ from: robin.address, to: ['linux-distros@lists.example.org'], raw }),
    /^250 /,
  );
  await list.settle();
  for (const reader of ['alice@debian.example', 'bob@suse.example']) {
    const [copy, ...more] = list.mailFor(reader);
    assert.ok(copy);
    assert.equal(more.length, 0);
    const { text } = await list.read(copy);
    assert.match(text, /canary-7c1d/);
    assert.doesNotMatch(copy.raw, /canary/);
  }
});
