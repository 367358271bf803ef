import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { address } from '../stand-ins/community.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { caseAddress, type Story, startStory } from '../stand-ins/story.ts';
import type { StoryLetter } from '../stand-ins/story-letter.ts';

/**
 * Attack (T8, A2): a mail sent again to have it done twice; and a mail sent in first, with the id, the name or a piece of
 * another's, so that the true one is taken for a repeat and swallowed. Deeper: src/message/judge/replay-is-refused.test.ts.
 */
let story: Story;
let alice: Person;
let robin: Person;
const list = 'linux-distros@lists.example.org';
const rita = 'Rita <rita@researcher.example>';

before(async () => {
  story = await startStory();
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  robin = await story.person('Robin', 'robin@researcher.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.order({ kind: 'administrator-add', list: 'linux-distros', address: address(alice.address) });
});
afterEach(() => story.skipNews());
after(() => story.close());

async function read(person: Person = alice): Promise<string> {
  return (await story.news(person)).map(({ text }) => text).join('\n');
}

async function sendRaw(raw: string, from = 'rita@researcher.example', to = list): Promise<void> {
  assert.match(await story.send({ from, to: [to], raw }), /^250 /);
  await story.settle();
}

test('honest: two different reports are two cases; one sent twice by a server is one', async () => {
  const raw = `From: ${rita}\r\nTo: ${list}\r\nSubject: [vs] one\r\nMessage-ID: <one@researcher.example>\r\n\r\ncanary-one\r\n`;
  await sendRaw(raw);
  await sendRaw(raw);
  assert.equal((await story.cases()).length, 1);
  assert.equal((await read()).match(/canary-one/g)?.length, 1);
  await sendRaw(raw.replaceAll('one', 'two'));
  assert.equal((await story.cases()).length, 2);
  assert.match(await read(), /canary-two/);
});

/** What somebody who knows of the true mail sends in before it. Each must leave the true one to be read. */
const forerunners: Readonly<Record<string, (real: string) => string>> = {
  'its Message-ID, with other words': (real) => real.replace('canary-true', 'nothing here'),
  'its Message-ID and words, under another name': (real) =>
    real.replace(/^From: .*$/m, 'From: m@evil.example'),
  'its Message-ID, name and words, under another subject': (real) =>
    real.replace('[vs] true', '[vs] harmless'),
  'its Message-ID and name, in clear without a tag': (real) => real.replace('[vs] true', 'hello'),
  'its Message-ID in capitals': (real) =>
    real.replace('Message-ID', 'MESSAGE-ID').replace('canary-true', 'x'),
  'its Message-ID with an automatic mark': (real) => `Auto-Submitted: auto-replied\r\n${real}`,
  'its Message-ID with our own mark of a loop': (real) => `Embargod-Copy: 1\r\n${real}`,
  'its Message-ID and a null sender': (real) => real,
};

for (const [index, [what, make]] of Object.entries(forerunners).entries()) {
  test(`a forerunner with ${what}: the true report is read, with its subject`, async () => {
    const real = [
      `From: ${rita}`,
      `To: ${list}`,
      `Subject: [vs] true ${index}`,
      `Message-ID: <true-${index}@researcher.example>`,
      '',
      `canary-true ${index}`,
      '',
    ].join('\r\n');
    await sendRaw(make(real), what.includes('null') ? '' : 'm@evil.example');
    const before = await story.news(alice);
    await sendRaw(real);
    const all = [...before, ...(await story.news(alice))];
    const true_ = all.filter((copy) => copy.text.includes(`canary-true ${index}`));
    assert.ok(
      true_.some((copy) => copy.inner('Subject') === `[vs-plain] true ${index}`),
      'read under its own subject',
    );
  });
}

test('half of a sealed mail, sent in first, does not swallow the other half', async () => {
  const [one, two] = [
    await story.sealTo('linux-distros', 'canary-half-one\n'),
    await story.sealTo('linux-distros', 'canary-half-two\n'),
  ];
  const mail = (body: string) =>
    `From: ${rita}\r\nTo: ${list}\r\nSubject: halves\r\nMessage-ID: <halves@researcher.example>\r\n\r\n${body}`;
  await sendRaw(mail(one), 'm@evil.example');
  const first = await read();
  assert.match(first, /canary-half-one/);
  await sendRaw(mail(`${one}\n${two}`));
  await sendRaw(mail(`${one}\nand in clear: canary-around\n`).replace('halves@', 'halves@'));
  for (const id of await story.inbox('held')) await story.order({ kind: 'held-pass', id, reason: 'read' });
  await story.settle();
  const rest = await allRead();
  assert.match(rest, /canary-half-two/);
  assert.match(rest, /canary-around/);
});

/** Opened parts travel as base64 beside the entity. */
async function allRead(): Promise<string> {
  return (await story.news(alice))
    .map(({ text }) =>
      text.replace(/^[A-Za-z0-9+/=\r\n]{16,}$/gm, (block) => Buffer.from(block, 'base64').toString()),
    )
    .join('\n');
}

test('a thief who sends a sealed report in first, under any name, delays it at most: a person passes it', async () => {
  const letter: StoryLetter = {
    from: robin,
    to: list,
    subject: '[vs] stolen',
    body: 'canary-stolen',
    seal: 'linux-distros',
    signer: robin,
    enclose: robin,
    messageId: '<stolen@researcher.example>',
  };
  const armour = await story.sealTo('linux-distros', await insideOf(letter), robin);
  const mail = (from: string) =>
    `From: ${from}\r\nTo: ${list}\r\nSubject: ...\r\nMessage-ID: <stolen@researcher.example>\r\n\r\n${armour}`;
  await sendRaw(mail('mallory@evil.example'), 'mallory@evil.example');
  assert.match(await read(), /canary-stolen/, 'members have the words already');
  await sendRaw(mail('Robin <robin@researcher.example>'), robin.address);
  const held = await story.onlyNews(alice);
  assert.match(held.says('Why'), /had already come in/);
  assert.match(held.text, /canary-stolen/, 'the administrators read it');
  const [id = ''] = (await story.inbox('held')).slice(-1);
  const cases = (await story.cases()).length;
  await story.order({ kind: 'held-pass', id, reason: 'the true one' });
  await story.settle();
  const numbers = await story.cases();
  assert.equal(numbers.length, cases + 1);
  story.skipNews();
  const reply = { from: alice, to: caseAddress(numbers.at(-1) ?? ''), subject: 'Re: stolen' } as const;
  await story.tell({ ...reply, body: 'canary-for-robin', seal: 'linux-distros', signer: alice });
  assert.match((await story.onlyNews(robin)).text, /canary-for-robin/, 'the case is Robin’s');
});

async function insideOf({ body, enclose }: StoryLetter): Promise<string> {
  const key = enclose ? await story.publicKey(enclose) : '';
  const parts = [
    `Content-Type: text/plain\r\n\r\n${body}\r\n`,
    `Content-Type: application/pgp-keys\r\n\r\n${key}`,
  ].map((part) => `--k\r\n${part}\r\n`);
  return `Content-Type: multipart/mixed; boundary=k\r\n\r\n${parts.join('')}--k--\r\n`;
}

test('a command mailed again is not carried out again, by whomever, wherever it is sent (A2)', async () => {
  await sendRaw(`From: ${rita}\r\nTo: ${list}\r\nSubject: [vs] keyless\r\n\r\nno key\r\n`);
  const number = (await story.cases()).at(-1) ?? '';
  story.skipNews();
  const text = `Content-Type: text/plain\r\n\r\nEmbargod: ${number} clear-ok\r\n\r\ncanary-once\r\n`;
  const armour = await story.sealTo('linux-distros', text, alice);
  const mail = (from: string, id: string) =>
    `From: ${from}\r\nTo: ${caseAddress(number)}\r\nSubject: Re: keyless\r\nMessage-ID: <${id}>\r\n\r\n${armour}`;
  await sendRaw(mail('alice@debian.example', 'c1@debian.example'), alice.address, caseAddress(number));
  assert.equal(story.mailFor('rita@researcher.example').length, 1, 'honest: it goes out, once');
  await sendRaw(mail('alice@debian.example', 'c1@debian.example'), alice.address, caseAddress(number));
  await sendRaw(mail('alice@debian.example', 'c2@debian.example'), alice.address, caseAddress(number));
  await sendRaw(mail('m@evil.example', 'c3@evil.example'), 'm@evil.example', caseAddress(number));
  await sendRaw(mail('m@evil.example', 'c4@evil.example'), 'm@evil.example', list);
  for (const id of await story.inbox('held')) await story.order({ kind: 'held-pass', id, reason: 'look' });
  await story.settle();
  assert.equal(story.mailFor('rita@researcher.example').length, 1);
});

test('the story ends with nothing forgotten', () => story.end());
