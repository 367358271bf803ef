import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { day } from '../../src/time/instant.ts';
import { address } from '../stand-ins/community.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { type Story, startStory } from '../stand-ins/story.ts';

/** What only administrators hear: mail to the owner, and once a day what waits and what was refused (N1). */
let story: Story;
let alice: Person;
let bob: Person;
const list = 'linux-distros@lists.example.org';

before(async () => {
  story = await startStory();
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  bob = await story.person('Bob', 'bob@suse.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.join('SUSE', 'linux-distros', bob);
  await story.order({ kind: 'administrator-add', list: 'linux-distros', address: address(alice.address) });
  await story.settle();
  story.skipNews();
});
after(() => story.close());

test('mail to the owner address reaches the administrators, sealed, and nobody else', async () => {
  await story.tell({
    from: 'Olga <olga@elsewhere.example>',
    to: 'linux-distros-owner@lists.example.org',
    subject: 'May we join?',
    body: 'canary-owner',
  });
  const mail = await story.onlyNews(alice);
  assert.match(mail.text, /canary-owner/);
  assert.doesNotMatch(mail.mail.raw, /canary|May we join/);
  assert.match(mail.says('A reply'), /goes to olga@elsewhere\.example, in clear unless you seal it/);
  assert.deepEqual(await story.news(bob), []);
});

test('vacation answers, bounces and our own copies coming back enter no case; only a digest tells of them', async () => {
  const before = story.sink.mails().length;
  const automatic = { to: list, body: 'I am away', from: 'Vera <vera@holiday.example>' } as const;
  await story.post({ ...automatic, subject: 'Out of office [vs]', fields: ['Auto-Submitted: auto-replied'] });
  await story.post({ ...automatic, subject: 'Away', fields: ['X-Autoreply: yes'] });
  await story.post({ ...automatic, subject: 'Undelivered Mail', mailFrom: '' });
  await story.post({ ...automatic, subject: '[vs] loop', fields: ['Embargod-Copy: 1'] });
  await story.settle();
  const refused = await story.inbox('refused');
  assert.equal(refused.length, 4);
  assert.deepEqual(await story.cases(), []);
  const digest = await story.onlyNews(alice);
  assert.equal(story.sink.mails().length, before + 1, 'nothing but the digest has left');
  for (const id of refused) assert.ok(digest.says('Refused').includes(id), id);
  assert.match(digest.says('Refused'), /automatic reply \(RFC 3834\)/);
  assert.match(digest.says('Refused'), /list’s own mail, coming back/);
  assert.match(digest.says('Refused'), /null return path/);
});

test('a report with a title like a bounce’s is a report', async () => {
  await story.tell({
    from: 'Rita <rita@researcher.example>',
    to: list,
    subject: '[vs] returned mail parser RCE',
    body: 'undelivered mail overflows',
  });
  assert.equal((await story.cases()).length, 1);
  story.skipNews();
});

test('a day later one sealed digest tells what still waits, and what was refused since the last', async () => {
  await story.post({ from: 'Nobody <no@body.example>', to: list, subject: 'hello', body: 'untagged' });
  await story.settle();
  const [held = ''] = await story.inbox('held');
  const before = await story.inbox('refused');
  await story.post({
    from: 'V <v@h.example>',
    to: list,
    subject: 'Away',
    body: '-',
    fields: ['X-Autoreply: 1'],
  });
  await story.settle();
  const later = (await story.inbox('refused')).find((id) => !before.includes(id)) ?? '';
  story.skipNews();
  story.pass(day);
  await story.settle();
  const digest = await story.onlyNews(alice);
  assert.match(digest.says('Waiting'), new RegExp(`OVERDUE since \\S+ +decide-held-mail +${held}`));
  assert.match(digest.says('Waiting'), /OVERDUE since \S+ +review-new-report/);
  assert.ok(digest.says('Refused').includes(later));
  for (const id of before) assert.ok(!digest.says('Refused').includes(id), 'told once');
  assert.deepEqual(await story.news(bob), []);
});

test('there is one digest a day, as long as something waits', async () => {
  await story.settle();
  assert.deepEqual(await story.news(alice), []);
  story.pass(day);
  await story.settle();
  assert.equal((await story.onlyNews(alice)).says('Refused'), 'nothing');
});

test('the story ends with nothing forgotten', () => story.end());
