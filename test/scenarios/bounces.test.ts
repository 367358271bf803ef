import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { address } from '../stand-ins/community.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { type Story, startStory } from '../stand-ins/story.ts';

/** What comes back to a copy's return path: authentic or forged, it suspends nobody (R8). */
let story: Story;
let alice: Person;
let bob: Person;
let returnPath: string;
const list = 'linux-distros@lists.example.org';
const report = { from: 'Rita <rita@researcher.example>', to: list, seal: 'linux-distros' } as const;

before(async () => {
  story = await startStory();
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  bob = await story.person('Bob', 'bob@suse.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.join('SUSE', 'linux-distros', bob);
  await story.order({ kind: 'administrator-add', list: 'linux-distros', address: address(alice.address) });
  await story.tell({ ...report, subject: '[vs] libfoo', body: 'canary-report' });
  returnPath = (await story.onlyNews(bob)).mail.from;
  story.skipNews();
});
after(() => story.close());

test('each copy has a return path of its own that says nothing of its reader or case', () => {
  const paths = [alice, bob].map(({ address: to }) => story.mailFor(to)[0]?.from ?? '');
  assert.equal(new Set(paths).size, 2);
  for (const path of paths) assert.match(path, /^linux-distros\+bounce-[a-z2-7]{26}@lists\.example\.org$/);
});

test('an authentic bounce alarms the administrators, sealed, by the reader’s name and none of its own words', async () => {
  await bounce(returnPath, 'canary-in-the-bounce');
  const alarm = await story.onlyNews(alice);
  assert.ok(alarm.sealed);
  assert.match(alarm.says('What'), /^A copy to bob@suse\.example came back\.$/);
  assert.doesNotMatch(alarm.text, /canary/);
  assert.deepEqual(await story.news(bob), []);
  assert.deepEqual(await openRepairs(), [{ owner: 'administrators' }]);
});

test('further bounces of the same reader alarm once a day', async () => {
  await bounce(returnPath, 'again');
  assert.deepEqual(await story.news(alice), []);
});

test('a forged bounce is refused and alarms nobody', async () => {
  const [before = []] = [await openRepairs()];
  await bounce(`linux-distros+bounce-${'a'.repeat(26)}@lists.example.org`, 'forged');
  assert.equal((await story.inbox('refused')).length, 1);
  assert.deepEqual(await openRepairs(), before);
  assert.deepEqual(
    (await story.news(alice)).filter((one) => one.says('What') !== ''),
    [],
  );
});

test('nobody is suspended by it: the next report reaches the reader who bounced', async () => {
  const members = await story.order({ kind: 'member-list' });
  assert.match(members.text.join('\n'), /bob@suse\.example +active/);
  await story.tell({ ...report, subject: '[vs] libbar', body: 'canary-next' });
  assert.match((await story.onlyNews(bob)).text, /canary-next/);
});

test('what was sent is not sent again; the tasks end when the administrator says how', async () => {
  const sql = `SELECT id, subject FROM obligations WHERE kind = 'repair-delivery' AND settled_at IS NULL`;
  const tasks = await story.query(sql);
  assert.equal(tasks.length, 1, 'one for the copy, however often it comes back');
  const again = await story.ask({ kind: 'outbox-retry', id: String(tasks[0]?.subject) });
  assert.match(again.kind === 'refused' ? again.reason : '', /is sent; only/);
  for (const { id } of tasks) {
    await story.order({ kind: 'obligation-settle', id: String(id), ending: 'Bob has room again' });
  }
  assert.deepEqual(await openRepairs(), []);
});

test('the story ends with nothing forgotten', () => story.end());

/** As a relay writes it (RFC 3464), with the whole copy that came back, whose ciphertext is none of ours to open. */
async function bounce(to: string, words: string): Promise<void> {
  const returned = story.mailFor(bob.address)[0]?.raw ?? '';
  const raw = [
    'From: Mail Delivery System <MAILER-DAEMON@suse.example>',
    `To: ${to}`,
    'Subject: Undelivered Mail Returned to Sender',
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="dsn"',
    '',
    `--dsn\r\nContent-Type: text/plain\r\n\r\nI am sorry. ${words}\r\n`,
    '--dsn\r\nContent-Type: message/delivery-status\r\n',
    'Reporting-MTA: dns; mx.suse.example\r\n',
    'Final-Recipient: rfc822; bob@suse.example\r\nAction: failed\r\nStatus: 5.1.1\r\n',
    `--dsn\r\nContent-Type: message/rfc822\r\n\r\n${returned}\r\n--dsn--\r\n`,
  ].join('\r\n');
  assert.match(await story.send({ from: '', to: [to], raw }), /^250 /);
  await story.settle();
}

async function openRepairs() {
  return story.query(
    `SELECT DISTINCT owner FROM obligations WHERE kind = 'repair-delivery' AND settled_at IS NULL`,
  );
}
