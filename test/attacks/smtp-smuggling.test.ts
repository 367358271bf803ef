import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { dial } from '../stand-ins/smtp-client.ts';
import { attackedList, type UnderAttack, underAttack } from '../stand-ins/under-attack.ts';

/**
 * Attack: one mail that some server on the way takes for the end of a mail and the beginning of another, whose From that
 * server then vouches for. Told against the real intake, judged by what lies in its inbox. Deeper: `door.test.ts` (byte by
 * byte, on the door alone), `test/fuzz/smtp-dialogue.ts` (streams of chance, cut by chance).
 */
let story: UnderAttack;
const smuggled = [
  'MAIL FROM:<alice@debian.example>',
  `RCPT TO:<${attackedList}>`,
  'DATA',
  'From: Alice <alice@debian.example>',
  `To: ${attackedList}`,
  'Subject: [vs] smuggled',
  '',
  'canary-smuggled',
  '.',
  '',
].join('\r\n');
const endings = {
  'LF . LF': '\n.\n',
  'LF . CRLF': '\n.\r\n',
  'CR . CR': '\r.\r',
  'CR . CRLF': '\r.\r\n',
  'CR . LF': '\r.\n',
  'LF . CR': '\n.\r',
  'CRLF . LF': '\r\n.\n',
  'CRLF . CR': '\r\n.\r',
  'CRLF NUL . CRLF': '\r\n\0.\r\n',
} as const;

before(async () => {
  story = await underAttack();
});
after(() => story.close());

const rows = () => story.query('SELECT id FROM inbox');

for (const [name, ending] of Object.entries(endings)) {
  for (const protocol of ['SMTP', 'LMTP'] as const) {
    test(`${name} through ${protocol}: one refusal, nothing in the inbox, nothing opened`, async () => {
      const before = (await rows()).length;
      const client = await dial(protocol === 'SMTP' ? story.smtpPort : story.lmtpPort);
      await client.say(`${protocol === 'SMTP' ? 'EHLO' : 'LHLO'} relay.example`);
      await client.say('MAIL FROM:<mallory@evil.example>');
      await client.say(`RCPT TO:<${attackedList}>`);
      assert.match(await client.say('DATA'), /^354 /);
      client.send(Buffer.from(`Subject: [vs] outer\r\n\r\ncanary-outer${ending}${smuggled}`, 'latin1'));
      assert.match(await client.hear(), /^554 5\.6\.0 /);
      // A second mail in it would be answered, too, and before this.
      assert.equal(await client.say('NOOP'), '250 OK');
      client.close();
      await story.settle();
      assert.equal((await rows()).length, before);
      assert.deepEqual(await story.news(story.bob), []);
    });
  }
}

test('a dot that its sender doubled is a dot, and the lines behind it are text of the one mail', async () => {
  const client = await dial(story.smtpPort);
  await client.say('EHLO relay.example');
  await client.say('MAIL FROM:<mallory@evil.example>');
  await client.say(`RCPT TO:<${attackedList}>`);
  await client.say('DATA');
  const text = smuggled.replace(/\r\n\.\r\n$/, '\r\n');
  client.send(`From: mallory@evil.example\r\nSubject: [vs] outer\r\n\r\ncanary-outer\r\n..\r\n${text}.\r\n`);
  assert.match(await client.hear(), /^250 /);
  assert.equal(await client.say('NOOP'), '250 OK');
  client.close();
  await story.settle();
  assert.equal((await rows()).length, 1);
  const copy = await story.onlyNews(story.bob);
  assert.match(copy.text, /canary-outer\r\n\.\r\nMAIL FROM:<alice@debian\.example>/);
  assert.match(copy.says('From'), /mallory@evil\.example/);
});

test('honest reports are served as before', async () => {
  await story.stillServes();
  await story.end();
});
