import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { second } from '../../src/time/instant.ts';
import { address } from '../stand-ins/community.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import type { SunkMail } from '../stand-ins/mail-sink.ts';
import { caseAddress, type Story, startStory } from '../stand-ins/story.ts';

/**
 * Attack, mostly by nobody: our own mail that comes back, and machines that answer every mail of ours, again and again.
 * None of it enters a case, and mail does not grow: what answers answers is told of once. Deeper:
 * src/message/judge/rules.test.ts, test/held-out/mails/machines.ts.
 */
let story: Story;
let alice: Person;
let bob: Person;
let number: string;
const list = 'linux-distros@lists.example.org';

before(async () => {
  story = await startStory();
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  bob = await story.person('Bob', 'bob@suse.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.join('SUSE', 'linux-distros', bob);
  for (const person of [alice, bob]) {
    await story.order({ kind: 'administrator-add', list: 'linux-distros', address: address(person.address) });
  }
  await report('canary-report');
  [number = ''] = await story.cases();
});
afterEach(() => story.skipNews());
after(() => story.close());

async function report(body: string): Promise<void> {
  const from = 'Rita <rita@researcher.example>';
  await story.tell({ from, to: list, subject: `[vs] ${body}`, body, seal: 'linux-distros' });
}

const filed = async () =>
  Number((await story.query(`SELECT count(*) FROM journal WHERE kind = 'message-filed'`))[0]?.count);

/** How programs mark what a machine wrote; all are seen in the field. */
const marks: Readonly<Record<string, readonly string[]>> = {
  'RFC 3834, replied': ['Auto-Submitted: auto-replied (vacation)'],
  'RFC 3834, generated': ['Auto-Submitted: auto-generated'],
  'Exchange out of office': ['X-Auto-Response-Suppress: All', 'Auto-Submitted: auto-generated'],
  'old vacation programs': ['Precedence: bulk'],
  'older ones': ['Precedence: junk'],
  'web mail': ['X-Autoreply: yes'],
  'ticket systems': ['X-Autorespond: your request', 'Precedence: auto_reply'],
  'a control panel': ['Precedence: auto_reply'],
};

for (const [what, fields] of Object.entries(marks)) {
  test(`an answer to a copy, marked as ${what}, is in no case`, async () => {
    const before = await filed();
    const [copy] = story.mailFor(bob.address);
    for (const to of [caseAddress(number), list]) {
      await story.tell({
        from: bob,
        to,
        subject: 'Out of office',
        body: `canary-away: ${what}`,
        fields: [...fields, `In-Reply-To: ${field(copy, 'Message-ID')}`],
      });
    }
    assert.equal(await filed(), before);
  });
}

test('honest: what Bob himself answers is in the case', async () => {
  const before = await filed();
  await story.tell({ from: bob, to: caseAddress(number), subject: 'Re: it', body: 'canary-honest' });
  assert.equal(await filed(), before + 1);
  assert.match((await story.news(alice)).map(({ text }) => text).join(), /canary-honest/);
});

test('a copy of ours, or a notice, that comes back as it was is in no case and makes no mail', async () => {
  const before = await filed();
  const own = [...story.mailFor(alice.address)];
  const sunk = story.sink.mails().length;
  for (const to of [list, caseAddress(number), 'linux-distros-owner@lists.example.org']) {
    for (const mail of own.slice(0, 4)) {
      assert.match(await story.send({ from: mail.from, to: [to], raw: mail.raw }), /^250 /);
    }
  }
  await story.settle();
  assert.equal(await filed(), before);
  assert.deepEqual(story.sink.mails().slice(sunk), []);
});

/** A machine at this address answers whatever comes, to Reply-To or to the return path, without memory or marks. */
function answerOf(
  mail: SunkMail,
  where: 'Reply-To' | 'return path',
  fields: readonly string[],
): Sending | undefined {
  const to = where === 'Reply-To' ? field(mail, 'Reply-To') : mail.from;
  if (to === '') return undefined;
  answers += 1;
  const raw = [
    `From: ${mail.recipient}`,
    `To: ${to}`,
    'Subject: I am away',
    `Message-ID: <away-${answers}@${mail.recipient.split('@')[1]}>`,
    `In-Reply-To: ${field(mail, 'Message-ID')}`,
    ...fields,
    '',
    'I am away until Monday.',
    '',
  ];
  return { from: mail.recipient, to: [to], raw: raw.join('\r\n') };
}

async function sendAnswer(answer: Sending): Promise<void> {
  // Else the door finds us too busy, which ends a storm too.
  story.pass(5 * second);
  assert.match(await story.send(answer), /^250 /);
}

type Sending = Readonly<{ from: string; to: readonly string[]; raw: string }>;
let answers = 0;

const storms: Readonly<Record<string, readonly string[]>> = {
  'marked as RFC 3834 wants': ['Auto-Submitted: auto-replied'],
  'marked as bulk': ['Precedence: bulk'],
  'not marked at all': [],
};

for (const [what, fields] of Object.entries(storms)) {
  for (const where of ['Reply-To', 'return path'] as const) {
    test(`two administrators whose machines answer every mail, to its ${where}, ${what}: it dies down`, async () => {
      const before = await filed();
      let seen = story.sink.mails().length;
      // What a stranger sends to begin with: held, so that both administrators are told.
      await story.post({
        from: 'S <s@stranger.example>',
        to: list,
        subject: 'hello',
        body: `${what} ${where}`,
      });
      await story.settle();
      const rounds: number[] = [];
      for (let round = 0; round < 12; round += 1) {
        const fresh = story.sink.mails().slice(seen);
        seen += fresh.length;
        rounds.push(fresh.length);
        if (fresh.length === 0) break;
        assert.ok(fresh.length <= 12, `it grows: ${rounds}`);
        for (const mail of fresh) {
          const answer = answerOf(mail, where, fields);
          if (answer) await sendAnswer(answer);
        }
        await story.settle();
      }
      assert.equal(rounds.at(-1), 0, `it goes on: ${rounds}`);
      assert.equal(await filed(), before);
    });
  }
}

test('two members whose machines answer every copy into the case, unmarked: it dies down', async () => {
  let seen = story.sink.mails().length;
  await story.tell({
    from: 'M <m@upstream.example>',
    to: caseAddress(number),
    subject: 'Re: it',
    body: 'begin',
  });
  const rounds: number[] = [];
  for (let round = 0; round < 20 && rounds.at(-1) !== 0; round += 1) {
    const fresh = story.sink.mails().slice(seen);
    seen += fresh.length;
    rounds.push(fresh.length);
    for (const mail of fresh) {
      const answer = answerOf(mail, 'Reply-To', []);
      if (answer) await sendAnswer(answer);
    }
    await story.settle();
  }
  assert.equal(rounds.at(-1), 0, `it goes on: ${rounds}`);
  assert.ok(rounds.reduce((sum, count) => sum + count, 0) < 80, `it grew: ${rounds}`);
  await story.tell({
    from: bob,
    to: caseAddress(number),
    subject: 'Re: it',
    body: 'canary-signed',
    seal: 'linux-distros',
    signer: bob,
  });
  assert.match(
    (await story.news(alice)).map(({ text }) => text).join(),
    /canary-signed/,
    'what is signed goes on',
  );
});

test('holidays of a reader, answered to each copy’s own return path, are nobody’s task', async () => {
  const repairs = async () =>
    (await story.query(`SELECT id FROM obligations WHERE kind = 'repair-delivery' AND settled_at IS NULL`))
      .length;
  const before = await repairs();
  const sunk = story.sink.mails().length;
  await report('canary-holidays');
  const copies = story.sink.mails().slice(sunk);
  assert.ok(copies.length >= 2, 'honest: the report goes out');
  for (const mail of copies) {
    const answer = answerOf(mail, 'return path', [
      'Auto-Submitted: auto-replied (vacation)',
      'Precedence: bulk',
    ]);
    assert.ok(answer);
    await sendAnswer({ ...answer, from: '' });
  }
  await story.settle();
  assert.equal(await repairs(), before);
  assert.equal(story.sink.mails().length, sunk + copies.length, 'and no mail');
});

test('the story ends with nothing forgotten', () => story.end());

function field(mail: SunkMail | undefined, name: string): string {
  return new RegExp(`^${name}:\\s+(\\S+)`, 'im').exec(mail?.raw ?? '')?.[1] ?? '';
}
