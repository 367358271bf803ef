import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { vouchingFor } from '../stand-ins/mail-resolver.ts';
import { caseAddress, type Story, startStory } from '../stand-ins/story.ts';

/**
 * Attacks (I9), found by `non-interference.test.ts`: strangers whose mail is authenticated put two of our answers, or an
 * answer and a silence, together and would learn that a case or a Message-ID is known.
 */
let story: Story;
const list = 'linux-distros@lists.example.org';
const known = '<known@researcher.example>';
const caseNumber = /VS-\d{4}-\d{4,6}/i;

before(async () => {
  story = await startStory({ resolver: vouchingFor('stranger.example') });
  const alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.tell({
    from: 'Ann <ann@researcher.example>',
    to: list,
    subject: '[vs] a flaw',
    body: 'It overflows.',
    messageId: known,
  });
});
after(() => story.close());

test('a sealed mail to a guessed case, and then the same to the list, is answered alike, right or wrong the guess', async () => {
  const [real = ''] = await story.cases();
  const wrong = real === 'VS-2026-0007' ? 'VS-2026-0008' : 'VS-2026-0007';
  const answers = [await guess(real, 'one@stranger.example'), await guess(wrong, 'two@stranger.example')];
  assert.deepEqual(answers, [0, 0]);
});

test('two strangers who name one Message-ID hold two numbers, whether we know the id or not', async () => {
  for (const [index, id] of [known, '<invented@researcher.example>'].entries()) {
    const numbers = [
      await numberFor(`a${index}@stranger.example`, id),
      await numberFor(`b${index}@stranger.example`, id),
    ];
    assert.equal(new Set(numbers).size, 2, id);
    assert.ok(!numbers.includes((await story.cases())[0] ?? ''), id);
  }
});

test('a reporter’s own sealed answer by Message-ID stays in their case', async () => {
  const before = await story.cases();
  const answer = {
    from: 'Ann <ann@researcher.example>',
    to: list,
    subject: 'Re: a flaw',
    body: 'More of it.',
  };
  await story.tell({ ...answer, seal: 'linux-distros', fields: [`In-Reply-To: ${known}`] });
  assert.deepEqual(await story.cases(), before);
});

test('the story ends with nothing forgotten', () => story.end());

/** How many answers come back after both mails. */
async function guess(number: string, from: string): Promise<number> {
  const armour = await story.sealTo(
    'linux-distros',
    `Content-Type: text/plain\r\n\r\nA body of ${from}.\r\n`,
  );
  for (const to of [caseAddress(number), list]) {
    const raw = [
      `From: ${from}`,
      `To: ${to}`,
      'Subject: ...',
      `Message-ID: <${to.length}.${from}>`,
      'MIME-Version: 1.0',
      'Content-Type: text/plain',
      '',
      armour,
    ].join('\r\n');
    assert.match(await story.send({ from, to: [to], raw }), /^250 /);
    await story.settle();
  }
  return story.mailFor(from).length;
}

/** The number in the receipt. */
async function numberFor(from: string, inReplyTo: string): Promise<string> {
  const mail = { from, to: list, subject: 'Re: a flaw', body: `From ${from}.`, messageId: `<${from}>` };
  await story.tell({ ...mail, seal: 'linux-distros', fields: [`In-Reply-To: ${inReplyTo}`] });
  const [receipt, ...more] = story.mailFor(from);
  assert.equal(more.length, 0);
  return caseNumber.exec(receipt?.raw ?? '')?.[0] ?? assert.fail('there is no receipt');
}
