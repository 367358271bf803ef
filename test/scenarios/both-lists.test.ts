import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { address } from '../stand-ins/community.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { caseAddress, type Story, startStory } from '../stand-ins/story.ts';

/** `distros` includes `linux-distros`; a report goes to one of them, and sometimes to both (M6). */
let story: Story;
let alice: Person;
let fred: Person;
const [linux, all] = ['linux-distros@lists.example.org', 'distros@lists.example.org'];

before(async () => {
  story = await startStory({ lists: ['linux-distros', 'distros', 'oss-security'] });
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  fred = await story.person('Fred', 'fred@freebsd.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.join('FreeBSD', 'distros', fred);
});
after(() => story.close());

test('sent to both lists: one case, one copy for each person, the wider audience, and a warning', async () => {
  for (const [round, to] of [
    [linux, all],
    [all, linux],
  ].entries()) {
    await story.tell({
      from: 'Rita <rita@researcher.example>',
      to,
      subject: `[vs] libfoo ${round}`,
      body: `report ${round}`,
      seal: 'linux-distros',
    });
    const cases = await story.cases();
    assert.equal(cases.length, round + 1);
    for (const reader of [alice, fred]) {
      const copy = await story.onlyNews(reader);
      assert.match(copy.text, new RegExp(`report ${round}`));
      assert.match(copy.says('Note'), /sent to more than one of our lists: it is one case, on the one whose/);
      assert.equal(copy.says('Sent to'), 'the members of distros (2 readers)');
      assert.equal(copy.outer('Reply-To'), caseAddress(cases.at(-1) ?? '', 'distros'));
    }
  }
});

test('a reply that goes to both lists again is filed once, without a second warning', async () => {
  const copyId = story.mailFor(fred.address)[0]?.raw.match(/^Message-ID: (<.*>)\r$/im)?.[1] ?? '';
  await story.tell({
    from: alice,
    to: [linux, all],
    subject: 'Re: libfoo',
    body: 'reply to both',
    seal: 'distros',
    signer: alice,
    fields: [`In-Reply-To: ${copyId}`],
  });
  assert.equal((await story.cases()).length, 2);
  for (const reader of [alice, fred]) assert.equal((await story.onlyNews(reader)).says('Note'), '');
});

test('sent to the narrower list alone, the wider one’s own members get nothing', async () => {
  await story.tell({
    from: 'Rita <rita@researcher.example>',
    to: linux,
    subject: '[vs] a Linux matter',
    body: 'only for Linux',
    seal: 'distros',
  });
  assert.match((await story.onlyNews(alice)).says('Sent to'), /linux-distros \(1 reader/);
  assert.deepEqual(await story.news(fred), []);
});

test('a report that names a public list besides is an alarm to its readers: public at receipt', async () => {
  await story.tell({
    from: 'Rita <rita@researcher.example>',
    to: linux,
    cc: ['oss-security@lists.example.org'],
    subject: '[vs] already told',
    body: 'told to everybody',
    seal: 'linux-distros',
  });
  const note = (await story.onlyNews(alice)).says('Note');
  assert.match(note, /ALARM: it was also addressed to the public list oss-security@\S+ Treat it as public/);
});

test('who reports from another list is written to with the key we know, until they are suspended (A6)', async () => {
  const mail = { from: fred, subject: '[vs] from BSD', seal: 'linux-distros', signer: fred } as const;
  await story.tell({ ...mail, to: linux, body: 'canary-bsd' });
  const number = (await story.cases()).at(-1) ?? '';
  const receipt = await story.onlyNews(fred);
  assert.match(receipt.says('Your key'), /^the one we know you by/);
  const reply = { to: caseAddress(number), subject: 'Re: from BSD', seal: 'linux-distros', signer: alice };
  await story.tell({ ...reply, from: alice, body: 'canary-answer' });
  assert.match((await story.onlyNews(fred)).text, /canary-answer/);
  await story.order({ kind: 'representative-suspend', member: 'FreeBSD', address: address(fred.address) });
  await story.tell({ ...reply, from: alice, body: 'canary-after-suspension' });
  assert.deepEqual(await story.news(fred), []);
});

test('the story ends with nothing forgotten', () => story.end());
