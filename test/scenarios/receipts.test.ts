import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { day } from '../../src/time/instant.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { vouchingFor } from '../stand-ins/mail-resolver.ts';
import { caseAddress, type Story, startStory } from '../stand-ins/story.ts';

/** Who hears at once that their report arrived, and who does not (R4, A1). */
let story: Story;
let alice: Person;
let robin: Person;
const list = 'linux-distros@lists.example.org';
const rita = 'Rita <rita@vouched.example>';

before(async () => {
  story = await startStory({ resolver: vouchingFor('vouched.example') });
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  robin = await story.person('Robin', 'robin@unvouched.example', 'rsa2048');
  await story.join('Debian', 'linux-distros', alice);
});
after(() => story.close());

test('a reporter who encloses the key that signed has a sealed receipt, with case, instant and what is next', async () => {
  await story.tell({
    from: robin,
    to: list,
    subject: '[vs] libfoo',
    body: 'canary-report',
    seal: 'linux-distros',
    signer: robin,
    enclose: robin,
    messageId: '<robin@unvouched.example>',
  });
  const [number = ''] = await story.cases();
  const receipt = await story.onlyNews(robin);
  assert.ok(receipt.sealed);
  assert.equal(receipt.inner('Subject'), `${number}: your mail was received`);
  assert.match(receipt.says('Received'), /^2026-\d\d-\d\dT\d\d:\d\d:\d\dZ, by linux-distros$/);
  assert.match(receipt.says('Your key'), /sealed to the one you sent us/);
  assert.match(receipt.says('Next'), /at most 14 days/);
  assert.ok(receipt.says('A reply').includes(caseAddress(number)));
  assert.match(receipt.outer('Auto-Submitted'), /^auto-/);
  assert.match(receipt.outer('References'), /<robin@unvouched\.example>/);
  assert.doesNotMatch(receipt.text, /canary/);
  assert.doesNotMatch(receipt.mail.raw, /received|libfoo/i);
});

test('a key that did not sign, or stood outside the encryption, is pinned by nothing (A1)', async () => {
  const ron = await story.person('Ron', 'ron@unvouched.example', 'ed25519');
  const sealed = { from: ron, to: list, seal: 'linux-distros' } as const;
  await story.tell({ ...sealed, subject: '[vs] unsigned', body: 'one', enclose: ron });
  await story.tell({ ...sealed, subject: '[vs] another’s key', body: 'two', signer: ron, enclose: alice });
  const certificate = await story.gpg.exportPublic(ron.fingerprint);
  const keydata = Buffer.from(certificate).toString('base64');
  const autocrypt = `Autocrypt: addr=${ron.address}; keydata=${keydata}`;
  await story.tell({ ...sealed, subject: '[vs] outside', body: 'three', signer: ron, fields: [autocrypt] });
  assert.equal((await story.cases()).length, 4);
  assert.deepEqual(await story.news(ron), []);
});

test('an authenticated sender without a key has a receipt in clear, without content, once a day', async () => {
  const report = { from: rita, to: list, seal: 'linux-distros' } as const;
  await story.tell({ ...report, subject: '[vs] a', body: 'canary-a', messageId: '<a@vouched.example>' });
  const number = (await story.cases()).at(-1) ?? '';
  await story.tell({ ...report, subject: '[vs] b', body: 'canary-b' });
  const [receipt, ...more] = story.mailFor('rita@vouched.example');
  assert.ok(receipt);
  assert.equal(more.length, 0, 'one a day');
  assert.equal(receipt.from, '', 'a null return path');
  assert.match(receipt.raw, new RegExp(`Subject: ${number}: your report to linux-distros has arrived`));
  assert.match(receipt.raw, /Auto-Submitted: auto-replied/);
  assert.match(receipt.raw, /In-Reply-To: <a@vouched\.example>/);
  assert.doesNotMatch(receipt.raw, /canary|\[vs\]/);
  story.pass(day + 1);
  await story.tell({ ...report, subject: '[vs] c', body: 'canary-c' });
  assert.equal(story.mailFor('rita@vouched.example').length, 2);
});

test('who is not authenticated hears nothing, whatever From says', async () => {
  await story.tell({
    from: 'Victim <victim@unvouched.example>',
    to: list,
    subject: '[vs] d',
    body: 'forged',
    seal: 'linux-distros',
  });
  const forged = { from: 'Rita <another@vouched.example>', mailFrom: 'mallory@unvouched.example' };
  await story.tell({ ...forged, to: list, subject: '[vs] e', body: 'misaligned', seal: 'linux-distros' });
  assert.deepEqual(story.mailFor('victim@unvouched.example'), []);
  assert.deepEqual(story.mailFor('another@vouched.example'), []);
  assert.deepEqual(story.mailFor('mallory@unvouched.example'), []);
});

test('a member who reports has their copy and no receipt besides', async () => {
  story.skipNews();
  await story.tell({
    from: alice,
    to: list,
    subject: '[vs] from within',
    body: 'canary-member',
    seal: 'linux-distros',
    signer: alice,
  });
  assert.match((await story.onlyNews(alice)).text, /canary-member/);
});

test('the story ends with nothing forgotten', () => story.end());
