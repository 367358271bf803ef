import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { packetTag, writePacket } from '../../src/adapters/openpgp/packets.ts';
import { sealPackets, sessionKeyPacket } from '../stand-ins/hostile-packets.ts';
import { attackersHead, type UnderAttack, underAttack } from '../stand-ins/under-attack.ts';

/**
 * Attack: thousands of session-key packets in one mail, each of which a list key would have to be tried on (TECH: 300 of
 * them cost an RSA-4096 key 13.5 s). Whatever the flood, the keyholder tries at most the few that name its key and two that
 * name none; a report behind a flood for others is read, one behind a flood of wildcards waits for a person.
 * Deeper: `decrypt.test.ts` (what the keyholder is asked), `opening-tools.test.ts` (what is taken apart).
 */
let story: UnderAttack;
let ownKeyId = '';
const wildcard = '0'.repeat(16);

before(async () => {
  story = await underAttack();
  const listed = await story.gpg.run(['--with-colons', '--list-keys', '<linux-distros@lists.example.org>']);
  ownKeyId = /^sub:(?:[^:]*:){3}([0-9A-F]{16}):/m.exec(Buffer.from(listed.stdout).toString())?.[1] ?? '';
  assert.match(ownKeyId, /^[0-9A-F]{16}$/);
});
after(() => story.close());

const flood = (count: number, keyId: (number: number) => string) =>
  Array.from({ length: count }, (_, number) => sessionKeyPacket(keyId(number), 1 + (number % 200)));
const ofOthers = (number: number) => number.toString(16).padStart(16, '1');

function text(canary: string): Uint8Array {
  const entity = Buffer.from(`Content-Type: text/plain\r\n\r\n${canary}\r\n`);
  return writePacket(packetTag.literal, Buffer.from('b\0\0\0\0\0'), entity);
}

test('a report behind a thousand packets for other people’s keys is read by every member', async () => {
  const mail = await sealPackets(story, text('canary-others'), flood(1_000, ofOthers));
  await story.attack(`${attackersHead('[vs] x')}\r\n${mail}`);
  for (const reader of [story.alice, story.bob]) {
    assert.match((await story.onlyNews(reader)).text, /canary-others/);
  }
});

test('one that hides its recipient is read while no more than two are hidden', async () => {
  story.skipNews();
  const mail = await sealPackets(story, text('canary-hidden'), [sessionKeyPacket(wildcard, 1)], {
    wildcard: true,
  });
  await story.attack(`${attackersHead('[vs] x')}\r\n${mail}`);
  assert.match((await story.onlyNews(story.bob)).text, /canary-hidden/);
});

const unread: Readonly<Record<string, () => Promise<string>>> = {
  'a thousand hidden recipients before the one that is ours': () =>
    sealPackets(
      story,
      text('canary-flood'),
      flood(1_000, () => wildcard),
      { wildcard: true },
    ),
  'a thousand packets that name our key and open nothing, before the one that does': () =>
    sealPackets(
      story,
      text('canary-flood'),
      flood(1_000, () => ownKeyId),
    ),
  'more packets than any mail has': () => sealPackets(story, text('canary-flood'), flood(20_000, ofOthers)),
};

for (const [name, make] of Object.entries(unread)) {
  test(`${name}: it is not opened, and waits for an administrator as it came`, async () => {
    story.skipNews();
    const before = (await story.inbox('held')).length;
    await story.attack(`${attackersHead('[vs] x')}\r\n${await make()}`);
    assert.equal((await story.inbox('held')).length, before + 1);
    const held = await story.onlyNews(story.alice);
    assert.match(held.says('Why'), /none of our lists’|damaged/);
    assert.doesNotMatch(held.text, /canary-flood/);
    assert.deepEqual(await story.news(story.bob), []);
  });
}

test('twenty files with floods of their own: some are tried, the mail is read', async () => {
  story.skipNews();
  const files = await Promise.all(
    Array.from({ length: 30 }, (_, number) =>
      sealPackets(
        story,
        text(`canary-file-${number}.`),
        flood(200, () => wildcard),
      ),
    ),
  );
  const parts = files.map(
    (file) => `--m\r\nContent-Type: application/octet-stream; name="x.asc"\r\n\r\n${file}\r\n`,
  );
  const head = attackersHead('[vs] x', 'Content-Type: multipart/mixed; boundary="m"');
  await story.attack(
    `${head}\r\n--m\r\nContent-Type: text/plain\r\n\r\nmany files\r\n${parts.join('')}--m--\r\n`,
  );
  const copy = await story.onlyNews(story.bob);
  assert.match(copy.text, /many files/);
  assert.match(copy.says('Opened'), /too-many/);
});

test('honest reports are served as before', async () => {
  await story.stillServes();
  await story.end();
});
