import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { compressedLiteral, nested, sealPackets } from '../stand-ins/hostile-packets.ts';
import { attackersHead, type UnderAttack, underAttack } from '../stand-ins/under-attack.ts';

/**
 * Attack: some kilobytes that become a hundred megabytes, or more, when they are opened (TECH: 1 KB took 711 MB). The limit
 * on what a mail may open to ends each; a person has the mail as it came, and the next report waits for nothing.
 * Deeper: `opening-tools.test.ts` (each compression, to the byte), `opener-hostile.test.ts` (in a real child), and the
 * supervisor's tests for the kernel's limits on memory and time, which bound what slips past.
 */
let story: UnderAttack;

before(async () => {
  story = await underAttack();
});
after(() => story.close());

/** Beyond what any mail may open to (64 MiB). */
const blownUp = 65 * 1024 * 1024;

const bombs: Readonly<Record<string, () => Promise<string>>> = {
  zip: () => sealPackets(story, compressedLiteral(blownUp, 'zip')),
  zlib: () => sealPackets(story, compressedLiteral(blownUp, 'zlib')),
  bzip2: async () => {
    const options = ['--armor', '--compress-algo', 'bzip2', '--bzip2-compress-level', '9'];
    const list = 'linux-distros@lists.example.org';
    return Buffer.from(await story.gpg.encrypt(Buffer.alloc(blownUp, 0x61), [list], options)).toString();
  },
  'zlib in zlib, so that some hundred bytes are enough': () =>
    sealPackets(story, nested(compressedLiteral(blownUp, 'zlib'), 1)),
  'compression, a hundred times over': () =>
    sealPackets(story, nested(compressedLiteral(1_000, 'zlib'), 100)),
};

for (const [name, make] of Object.entries(bombs)) {
  test(`${name}: held as too large or damaged, and nobody is sent what it becomes`, async () => {
    story.skipNews();
    const before = (await story.inbox('held')).length;
    const bomb = await make();
    assert.ok(bomb.length < 400_000, 'a bomb is small');
    await story.attack(`${attackersHead('[vs] bomb')}\r\n${bomb}`);
    assert.equal((await story.inbox('held')).length, before + 1);
    assert.match((await story.onlyNews(story.alice)).says('Why'), /larger than we take|structure is damaged/);
    assert.deepEqual(await story.news(story.bob), []);
  });

  test(`${name}, as a file beside a text: the text is read, the file stays closed`, async () => {
    story.skipNews();
    const bomb = await make();
    const head = attackersHead('[vs] bomb', 'Content-Type: multipart/mixed; boundary="m"');
    const parts = `--m\r\nContent-Type: text/plain\r\n\r\nsee the file\r\n--m\r\nContent-Type: application/octet-stream; name="x.asc"\r\n\r\n${bomb}\r\n--m--\r\n`;
    await story.attack(`${head}\r\n${parts}`);
    const copy = await story.onlyNews(story.bob);
    assert.match(copy.text, /see the file/);
    assert.match(copy.says('Opened'), /too-large|damaged/);
    assert.ok(copy.text.length < 1_000_000, 'what it becomes is in no copy');
  });
}

test('honest reports are served as before', async () => {
  await story.stillServes();
  await story.end();
});
