import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { attackedList, attackersHead, type UnderAttack, underAttack } from '../stand-ins/under-attack.ts';

/**
 * Attack: a mail whose structure costs far more to read than to send: 50,000 parts (a good library took 3.3 s), parts 5,000
 * deep, 5 MB of header, and the same where it is seen only once the mail is opened. Each is a problem with a name, found
 * before it is work; a person has the mail as it came. Deeper: `split-entity.test.ts`, `delivery-status.test.ts`,
 * `read-letter-head.test.ts` (the limits themselves), `test/fuzz/mime-splitter.ts`.
 */
let story: UnderAttack;

before(async () => {
  story = await underAttack();
});
after(() => story.close());

const manyParts = `Content-Type: multipart/mixed; boundary="b"\r\n\r\n${'--b\r\n\r\n\r\n'.repeat(50_000)}--b--\r\n`;

/** One in another, each a multipart with a boundary of its own: every level is read again within the one above. */
const deepParts = `${Array.from({ length: 5_000 }, (_, level) => `Content-Type: multipart/mixed; boundary="b${level}"\r\n\r\n--b${level}\r\n`).join('')}\r\ntext\r\n`;

const deepMessages = `${'Content-Type: message/rfc822\r\n\r\n'.repeat(5_000)}text\r\n`;

const oneLongField = `Content-Type: text/plain\r\nX-Long: ${'x'.repeat(990)}${`\r\n ${'x'.repeat(990)}`.repeat(5_300)}\r\n\r\ntext\r\n`;

const manyFields = `Content-Type: text/plain\r\n${'X-A: 1\r\n'.repeat(650_000)}\r\ntext\r\n`;

const headersInParts = `Content-Type: multipart/mixed; boundary="b"\r\n\r\n${`--b\r\n${'a: b\r\n'.repeat(900)}\r\n\r\n`.repeat(900)}--b--\r\n`;

const bombs: Readonly<Record<string, string>> = {
  '50,000 parts': manyParts,
  'multiparts 5,000 deep': deepParts,
  'messages 5,000 deep': deepMessages,
  '5 MB of header in one field': oneLongField,
  '5 MB of header in fields of a few bytes': manyFields,
  '5 MB of header, shared out among the parts': headersInParts,
};

const refused = /more parts than we take|structure cannot be read/;

for (const [name, entity] of Object.entries(bombs)) {
  test(`${name}, in clear: held by its structure, and its administrators have all of it`, async () => {
    story.skipNews();
    const before = (await story.inbox('held')).length;
    await story.attack(`${attackersHead('[vs] bomb')}${entity}`);
    assert.equal((await story.inbox('held')).length, before + 1);
    // Nobody knows who wrote what cannot be read: after the first few of a day the digest tells (hold-letter.ts).
    for (const held of await story.news(story.alice)) {
      assert.match(held.says('Why'), refused);
      assert.ok(held.text.length > entity.length, 'as it came');
    }
    assert.deepEqual(await story.news(story.bob), []);
  });

  test(`${name}, inside the encryption: held likewise, or passed on as one text`, async () => {
    story.skipNews();
    const armour = await story.sealTo('linux-distros', entity);
    await story.attack(`${attackersHead('[vs] bomb')}\r\n${armour}`);
    const told = await story.onlyNews(story.alice);
    const members = await story.news(story.bob);
    if (told.says('Why') !== '') {
      assert.match(told.says('Why'), refused);
      assert.deepEqual(members, []);
      return;
    }
    // What begins with no header that can be one is text, however long (`uncover-mime.ts`); no field of it counts.
    assert.match(name, /^5 MB of header in/);
    assert.match(
      members[0]?.text ?? '',
      /\r\nContent-Type: text\/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nContent-Type/,
    );
    assert.equal(told.inner('Subject'), '[vs] bomb');
  });
}

test('a report with such a mail as a file, encrypted by hand, is read; the file is one file', async () => {
  story.skipNews();
  const armour = await story.sealTo('linux-distros', manyParts);
  const head = attackersHead('[vs] x', 'Content-Type: multipart/mixed; boundary="m"');
  await story.attack(
    `${head}\r\n--m\r\nContent-Type: text/plain\r\n\r\nsee the mail\r\n--m\r\nContent-Type: application/octet-stream; name="m.asc"\r\n\r\n${armour}\r\n--m--\r\n`,
  );
  const copy = await story.onlyNews(story.bob);
  assert.match(copy.text, /see the mail/);
  assert.match(copy.says('Opened'), /^"m"; attached/);
});

test('60,000 people in To, and a delivery report of a million fields, are mail like any other', async () => {
  story.skipNews();
  const people = `To: ${'a@b,'.repeat(60)}c@d\r\n`.repeat(900);
  await story.attack(
    `From: Mallory <mallory@evil.example>\r\n${people}Subject: [vs] many\r\nContent-Type: text/plain\r\n\r\nto many\r\n`,
  );
  assert.match((await story.onlyNews(story.bob)).text, /to many/);
  const statuses = `${'a:\r\n'.repeat(999)}\r\n`.repeat(1_000);
  const type = 'Content-Type: multipart/report; report-type=delivery-status; boundary="b"';
  const report = `--b\r\nContent-Type: message/delivery-status\r\n\r\n${statuses}--b--\r\n`;
  await story.attack(`${attackersHead('[vs] report', type)}\r\n${report}`, attackedList);
  assert.ok((await story.news(story.alice)).length > 0, 'somebody reads it');
});

test('honest reports are served as before', async () => {
  await story.stillServes();
  await story.end();
});
