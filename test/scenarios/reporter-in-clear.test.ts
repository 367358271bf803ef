import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Person } from '../stand-ins/founded-list.ts';
import { caseAddress, type Story, startStory } from '../stand-ins/story.ts';

/** A reporter without a key is written to in clear only where the writer of that message says so, signed (R3). */
let story: Story;
let alice: Person;
let bob: Person;
let number: string;
const rita = 'rita@researcher.example';

before(async () => {
  story = await startStory();
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  bob = await story.person('Bob', 'bob@suse.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.join('SUSE', 'linux-distros', bob);
  await story.tell({
    from: `Rita <${rita}>`,
    to: 'linux-distros@lists.example.org',
    subject: '[vs] libfoo',
    body: 'canary-report',
    seal: 'linux-distros',
  });
  [number = ''] = await story.cases();
});
after(() => story.close());

test('without the line, and with it but unsigned, nothing goes to the reporter', async () => {
  await reply('canary-plain-reply', alice);
  await reply(`Embargod: ${number} clear-ok\r\n\r\ncanary-unsigned`);
  assert.deepEqual(story.mailFor(rita), []);
});

test('with the line, signed, the reporter has that message in clear, and the members are told', async () => {
  story.skipNews();
  await reply(`Embargod: ${number} clear-ok\r\n\r\ncanary-clear-answer`, alice);
  const [copy, ...more] = story.mailFor(rita);
  assert.ok(copy && more.length === 0);
  assert.match(copy.raw, /canary-clear-answer/);
  assert.doesNotMatch(copy.raw, /canary-(report|plain|unsigned)|clear-ok/);
  assert.match((await story.onlyNews(bob)).says('Sent clear'), /^to the reporter rita@researcher\.example/);
});

test('nothing of it lies readable in the database', async () => {
  const [found] = await story.query(
    `SELECT count(*)::int AS count FROM outbox WHERE encode(sealed, 'escape') LIKE '%canary%' OR parameters::text LIKE '%canary%'`,
  );
  assert.equal(found?.count, 0);
});

test('the next message without the line stays among the members again', async () => {
  await reply('canary-afterwards', alice);
  assert.equal(story.mailFor(rita).length, 1);
});

test('the story ends with nothing forgotten', () => story.end());

async function reply(body: string, signer?: Person): Promise<void> {
  const mail = { from: alice, to: caseAddress(number), subject: 'Re: libfoo', body, seal: 'linux-distros' };
  await story.tell(signer ? { ...mail, signer } : mail);
}
