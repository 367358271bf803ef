import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { address } from '../stand-ins/community.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { caseAddress, type Story, startStory } from '../stand-ins/story.ts';

/** Where it is doubtful who may read, fewer do, and people are asked (R2, R3, I5). */
let story: Story;
let alice: Person;
let bob: Person;
let carol: Person;
let number: string;
const list = 'linux-distros@lists.example.org';
const rita = 'Rita <rita@researcher.example>';

before(async () => {
  story = await startStory();
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  bob = await story.person('Bob', 'bob@suse.example', 'ed25519');
  carol = await story.person('Carol', 'carol@arch.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.join('SUSE', 'linux-distros', bob);
  await story.join('Arch', 'linux-distros', carol);
  await story.order({ kind: 'administrator-add', list: 'linux-distros', address: address(alice.address) });
  await story.tell({
    from: rita,
    to: list,
    subject: '[vs] libfoo',
    body: 'no key of mine inside',
    seal: 'linux-distros',
    messageId: '<first@researcher.example>',
  });
  [number = ''] = await story.cases();
  story.skipNews();
});
after(() => story.close());

test('a reporter without a key is not written to in clear; the writer and the members are told (R3)', async () => {
  await story.tell({
    from: alice,
    to: caseAddress(number),
    subject: 'Re: libfoo',
    body: 'a question to Rita',
    seal: 'linux-distros',
    signer: alice,
  });
  assert.deepEqual(story.mailFor('rita@researcher.example'), []);
  const toAlice = await story.news(alice);
  const told = toAlice.find((one) => one.outer('Auto-Submitted') !== '');
  assert.match(told?.says('Not sent to') ?? '', /rita@researcher\.example: no certificate is pinned/);
  for (const copy of [toAlice.find((one) => one !== told), await story.onlyNews(bob)]) {
    assert.ok(copy);
    assert.match(copy.text, /a question to Rita/);
    assert.match(copy.says('No key'), /^not sent to rita@researcher\.example: no certificate is pinned/);
    assert.doesNotMatch(copy.says('Sent to'), /rita/);
    assert.match(
      copy.says('A reply'),
      /reaches the members; the reporter rita@researcher\.example has no cert/,
    );
  }
  story.skipNews();
});

test('a new [vs] that answers an old thread is a new case for members only, who are asked (R2)', async () => {
  await story.tell({
    from: rita,
    to: list,
    subject: '[vs] something else in libbar',
    body: 'a new topic',
    seal: 'linux-distros',
    fields: ['In-Reply-To: <first@researcher.example>'],
  });
  const opened = await story.cases();
  assert.equal(opened.length, 2);
  const copy = await story.onlyNews(bob);
  assert.match(
    copy.says('Note'),
    /carries a new \[vs\] and answers older mail: a report of its own, or part/,
  );
  assert.match(copy.outer('Subject'), new RegExp(`^${opened[1]} new$`));
  story.skipNews();
});

test('a new [vs] on the case address stays with its case, for members only, who are asked (R2)', async () => {
  const robin = await story.person('Robin', 'robin@other.example', 'ed25519');
  await story.tell({
    from: robin,
    to: list,
    subject: '[vs] libqux',
    body: 'with my key',
    seal: 'linux-distros',
    signer: robin,
    enclose: robin,
  });
  const theirs = (await story.cases()).at(-1) ?? '';
  story.skipNews();
  await story.tell({
    from: bob,
    to: caseAddress(theirs),
    subject: '[vs] libzap, quite another thing',
    body: 'typed into an old thread',
    seal: 'linux-distros',
    signer: bob,
  });
  assert.match((await story.onlyNews(alice)).says('Note'), /carries a new \[vs\]/);
  assert.deepEqual(await story.news(robin), []);
  story.skipNews();
});

test('a case address that names no case is accepted like any other, and held for the administrators (R8)', async () => {
  await story.tell({
    from: bob,
    to: caseAddress('VS-1999-0001'),
    subject: 'Re: libfoo',
    body: 'canary-lost-reply',
    seal: 'linux-distros',
    signer: bob,
  });
  const held = await story.onlyNews(alice);
  assert.match(held.says('Why'), /sent to VS-1999-0001, which is no case of linux-distros/);
  assert.match(held.text, /canary-lost-reply/);
  assert.deepEqual(await story.news(bob), []);
});

test('what a suspended member signs is held, by name, and they get no copy of anything', async () => {
  await story.order({ kind: 'representative-suspend', member: 'Arch', address: address(carol.address) });
  await story.settle();
  story.skipNews();
  await story.tell({
    from: carol,
    to: caseAddress(number),
    subject: 'Re: libfoo',
    body: 'canary-suspended',
    seal: 'linux-distros',
    signer: carol,
  });
  const held = await story.onlyNews(alice);
  assert.match(held.says('Why'), /signed by carol@arch\.example, whose standing is suspended/);
  assert.deepEqual([...(await story.news(bob)), ...(await story.news(carol))], []);
});

test('the story ends with nothing forgotten', () => story.end());
