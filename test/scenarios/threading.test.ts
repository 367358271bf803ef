import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Person } from '../stand-ins/founded-list.ts';
import { caseAddress, type Story, startStory } from '../stand-ins/story.ts';

/** What a mail program threads by (M3): ids of ours and of the authors, in what really arrived. */
let story: Story;
let alice: Person;
let bob: Person;
let robin: Person;
let number: string;
let reportId: string;
const list = 'linux-distros@lists.example.org';
const sealed = { seal: 'linux-distros', subject: 'Re: libfoo' } as const;

before(async () => {
  story = await startStory();
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  bob = await story.person('Bob', 'bob@suse.example', 'ed25519');
  robin = await story.person('Robin', 'robin@researcher.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.join('SUSE', 'linux-distros', bob);
});
after(() => story.close());

test('every copy of a message has the same fresh Message-ID, and refers to the author’s own', async () => {
  await story.tell({
    from: robin,
    to: list,
    subject: '[vs] libfoo',
    body: 'report',
    seal: 'linux-distros',
    signer: robin,
    enclose: robin,
    messageId: '<report@researcher.example>',
  });
  [number = ''] = await story.cases();
  const [toAlice, toBob] = [await story.onlyNews(alice), await story.onlyNews(bob)];
  reportId = toAlice.outer('Message-ID');
  assert.match(reportId, /^<[0-9a-f-]{36}@lists\.example\.org>$/);
  for (const copy of [toAlice, toBob]) {
    assert.equal(copy.outer('Message-ID'), reportId);
    assert.equal(copy.inner('Message-ID'), reportId);
    assert.equal(copy.outer('References'), '<report@researcher.example>');
    assert.equal(copy.outer('Subject'), `${number} new`);
    assert.equal(copy.outer('Reply-To'), caseAddress(number));
  }
  const receipt = await story.onlyNews(robin);
  assert.equal(receipt.outer('References'), '<report@researcher.example>');
});

test('a reply to our copy answers it, for members and the reporter alike', async () => {
  await story.tell({
    ...sealed,
    from: alice,
    to: caseAddress(number),
    body: 'first reply',
    signer: alice,
    messageId: '<reply@debian.example>',
    fields: [`In-Reply-To: ${reportId}`, `References: <report@researcher.example> ${reportId}`],
  });
  const [toBob, toRobin] = [await story.onlyNews(bob), await story.onlyNews(robin)];
  for (const copy of [toBob, toRobin]) {
    assert.equal(copy.outer('In-Reply-To'), reportId);
    assert.deepEqual(
      new Set(copy.outer('References').split(/\s+/)),
      new Set([reportId, '<report@researcher.example>', '<reply@debian.example>']),
    );
  }
  assert.equal(toBob.outer('Message-ID'), toRobin.outer('Message-ID'));
  story.skipNews();
});

test('a reply that names only the reporter’s own id is filed by it, and answers our copy', async () => {
  await story.tell({
    ...sealed,
    from: bob,
    to: list,
    body: 'to the list address',
    signer: bob,
    fields: ['References: <unknown@elsewhere.example> <report@researcher.example>'],
  });
  assert.deepEqual(await story.cases(), [number]);
  assert.equal((await story.onlyNews(alice)).outer('In-Reply-To'), reportId);
  story.skipNews();
});

test('who answers a direct Cc threads with the list copy: the author’s id is among its References', async () => {
  await story.tell({
    ...sealed,
    from: alice,
    to: caseAddress(number),
    cc: ['Robin <robin@researcher.example>'],
    body: 'also to Robin directly',
    signer: alice,
    messageId: '<direct@debian.example>',
  });
  const listCopy = await story.onlyNews(robin);
  assert.match(listCopy.outer('References'), /<direct@debian\.example>/);
  assert.equal(listCopy.inner('Cc'), 'Robin <robin@researcher.example>');
  story.skipNews();
  await story.tell({
    ...sealed,
    from: robin,
    to: list,
    body: 'answer to the direct copy',
    signer: robin,
    fields: ['In-Reply-To: <direct@debian.example>'],
  });
  const answer = await story.onlyNews(bob);
  assert.equal(answer.outer('In-Reply-To'), listCopy.outer('Message-ID'));
  story.skipNews();
});

test('another mail with a known Message-ID is marked, never swallowed (T8)', async () => {
  await story.tell({
    ...sealed,
    from: bob,
    to: caseAddress(number),
    body: 'canary-same-id',
    signer: bob,
    messageId: '<report@researcher.example>',
  });
  const copy = await story.onlyNews(alice);
  assert.match(copy.text, /canary-same-id/);
  assert.match(copy.says('Note'), new RegExp(`Message-ID is that of another mail, filed under ${number}`));
  assert.notEqual(copy.outer('Message-ID'), reportId);
});

test('the story ends with nothing forgotten', () => story.end());
