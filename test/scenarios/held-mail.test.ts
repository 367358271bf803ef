import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { address } from '../stand-ins/community.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { vouchingFor } from '../stand-ins/mail-resolver.ts';
import { type Story, startStory } from '../stand-ins/story.ts';

/** What cannot be a report by itself waits for a person, who has all of it; nothing is dropped (T8, R4, I5). */
let story: Story;
let alice: Person;
let bob: Person;
const list = 'linux-distros@lists.example.org';
const rita = 'Rita <rita@vouched.example>';

before(async () => {
  story = await startStory({ resolver: vouchingFor('vouched.example') });
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  bob = await story.person('Bob', 'bob@suse.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.join('SUSE', 'linux-distros', bob);
  await story.order({ kind: 'administrator-add', list: 'linux-distros', address: address(alice.address) });
});
after(() => story.close());

test('a mail in clear without [vs] waits; administrators read it opened, its sender hears nothing', async () => {
  await story.tell({
    from: 'Nobody <nobody@unvouched.example>',
    to: list,
    subject: 'hello',
    body: 'canary-untagged',
  });
  const [id = ''] = await story.inbox('held');
  const held = await story.onlyNews(alice);
  assert.match(held.text, /canary-untagged/);
  assert.doesNotMatch(held.mail.raw, /canary|hello/);
  assert.match(held.says('Why'), /came in clear and its subject has no \[vs\]/);
  assert.match(held.says('Decide'), new RegExp(`embargod held pass ${id} embargod held refuse ${id}`));
  assert.deepEqual(await story.news(bob), []);
  assert.deepEqual(story.mailFor('nobody@unvouched.example'), []);
  assert.deepEqual(await story.cases(), []);
  const [obligation] = await obligationsOf(id);
  assert.deepEqual(obligation, { kind: 'decide-held-mail', owner: 'administrators', ending: null });
});

test('refused by the operator, with a reason, it stays refused, and its obligation is settled', async () => {
  const [id = ''] = await story.inbox('held');
  const silent = await story.ask({ kind: 'held-refuse', id, reason: ' ' });
  assert.match(silent.kind === 'refused' ? silent.reason : '', /one of its values is empty/);
  await story.order({ kind: 'held-refuse', id, reason: 'advertising' });
  assert.deepEqual(await story.inbox('held'), []);
  assert.deepEqual(await story.inbox('refused'), [id]);
  assert.equal((await obligationsOf(id))[0]?.ending, 'refused');
  const again = await story.ask({ kind: 'held-pass', id, reason: 'a second thought' });
  assert.equal(again.kind === 'refused' && again.reason, `No mail ${id} is held. See: embargod held list`);
});

test('passed by the operator, it becomes a case whose members are told what it was held for', async () => {
  await story.post({
    from: 'Una <una@unvouched.example>',
    to: list,
    subject: 'libbar',
    body: 'canary-passed',
  });
  await story.settle();
  const [id = ''] = await story.inbox('held');
  story.skipNews();
  await story.order({ kind: 'held-pass', id, reason: 'a report' });
  await story.settle();
  const copy = await story.onlyNews(bob);
  assert.match(copy.text, /canary-passed/);
  assert.match(copy.says('Note'), /came in clear and its subject has no \[vs\]/);
  assert.equal((await story.cases()).length, 1);
  assert.equal((await obligationsOf(id))[0]?.ending, 'passed');
  story.skipNews();
});

test('an authenticated sender is told how to have it passed, without content, and does so by replying', async () => {
  await story.tell({
    from: rita,
    to: list,
    subject: 'libbaz overflows',
    body: 'canary-vouched',
    messageId: '<vouched@vouched.example>',
  });
  const [id = ''] = await story.inbox('held');
  const [told, ...more] = story.mailFor('rita@vouched.example');
  assert.ok(told && more.length === 0);
  assert.equal(told.from, '', 'a null return path: nothing answers it');
  assert.match(told.raw, /Subject: Your mail to linux-distros is waiting/);
  assert.match(told.raw, /Auto-Submitted: auto-replied/);
  assert.match(told.raw, /In-Reply-To: <vouched@vouched\.example>/);
  assert.doesNotMatch(told.raw, /canary|libbaz/);
  const replyTo = /^Reply-To: (\S+)\r$/m.exec(told.raw)?.[1] ?? '';
  assert.match(replyTo, /^linux-distros\+held-[a-z2-7]{26}@/);
  const away = { from: rita, to: replyTo, subject: 'Out of office', body: 'away' } as const;
  await story.tell({ ...away, fields: ['Auto-Submitted: auto-replied'] });
  assert.deepEqual(await story.inbox('held'), [id], 'a vacation answer passes nothing');
  story.skipNews();
  await story.tell({ from: rita, to: replyTo, subject: 'Re: Your mail is waiting', body: 'Yes, a report.' });
  const copy = await story.onlyNews(bob);
  assert.match(copy.text, /canary-vouched/);
  assert.doesNotMatch(copy.text, /Yes, a report/);
  assert.equal((await story.cases()).length, 2);
  assert.equal((await obligationsOf(id))[0]?.ending, 'passed');
  assert.deepEqual(await story.inbox('held'), []);
  assert.equal(story.mailFor('rita@vouched.example').length, 1, 'one clear notice a day');
});

test('a made-up token passes nothing: the mail goes to the administrators', async () => {
  story.skipNews();
  await story.tell({
    from: rita,
    to: `linux-distros+held-${'a'.repeat(26)}@lists.example.org`,
    subject: 'Re: waiting',
    body: 'canary-guess',
  });
  assert.equal((await story.cases()).length, 2);
  assert.match((await story.onlyNews(alice)).text, /canary-guess/);
  assert.deepEqual(await story.news(bob), []);
});

test('what none of our keys opens is held, and administrators have the mail as it came', async () => {
  const stranger = await story.person('Stranger', 'stranger@elsewhere.example', 'ed25519');
  const options = ['--armor'];
  const foreign = Buffer.from(await story.gpg.encrypt('not for you', [stranger.address], options)).toString();
  const whole = await story.sealTo('linux-distros', 'Content-Type: text/plain\r\n\r\ncut short\r\n');
  const lines = whole.split('\n');
  const truncated = [...lines.slice(0, lines.length - 6), '-----END PGP MESSAGE-----', ''].join('\n');
  for (const [armour, why] of [
    [foreign, /encrypted to keys that are none of our lists/],
    [truncated, /encryption or structure is damaged/],
  ] as const) {
    story.skipNews();
    await story.post({ from: rita, to: list, subject: '[vs] x', body: armour });
    await story.settle();
    const held = await story.onlyNews(alice);
    assert.match(held.says('Why'), why);
    const attached = /filename="held\.eml"[\s\S]*?\r?\n\r?\n([A-Za-z0-9+/=\s]+)/.exec(held.text)?.[1] ?? '';
    const asItCame = Buffer.from(attached, 'base64').toString();
    assert.ok(asItCame.includes(armour.split('\n')[3]?.trim() ?? 'nothing'), 'the raw mail is there');
    assert.deepEqual(await story.news(bob), []);
  }
  assert.equal((await story.inbox('held')).length, 2);
});

test('the story ends with nothing forgotten', () => story.end());

async function obligationsOf(id: string) {
  return story.query('SELECT kind, owner, ending FROM obligations WHERE subject = $1', [id]);
}
