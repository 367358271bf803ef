import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { day } from '../../src/time/instant.ts';
import { address } from '../stand-ins/community.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { type Story, startStory } from '../stand-ins/story.ts';

/** The list option by which no two copies share a ciphertext (DESIGN §5), late wraps of another month included (K4). */
let story: Story;
let alice: Person;
let bob: Person;
let eve: Person;
const report = {
  from: 'Rita <rita@researcher.example>',
  to: 'linux-distros@lists.example.org',
  subject: '[vs] libfoo',
  body: 'canary-report',
  seal: 'linux-distros',
} as const;

before(async () => {
  story = await startStory({ settings: { copies: 'unlinkable' } });
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  bob = await story.person('Bob', 'bob@suse.example', 'rsa2048');
  eve = await story.person('Eve', 'eve@arch.example', 'ed25519', '2d');
  await story.join('Debian', 'linux-distros', alice);
  await story.join('SUSE', 'linux-distros', bob);
  await story.join('Arch', 'linux-distros', eve);
  story.pass(3 * day);
  await story.tell(report);
});
after(() => story.close());

test('each reader has the same message under a session key of their own', async () => {
  const [toAlice, toBob] = [await story.onlyNews(alice), await story.onlyNews(bob)];
  assert.notEqual(toAlice.sessionKey, toBob.sessionKey);
  assert.equal(toAlice.outer('Message-ID'), toBob.outer('Message-ID'));
  assert.equal(toAlice.says('Not reached'), 'eve@arch.example (Arch): certificate expired');
  for (const copy of [toAlice, toBob]) assert.match(copy.text, /canary-report/);
});

test('a month later, with other storage keys, the parked reader has one too', async () => {
  story.pass(31 * day);
  await story.gpg.run(['--quick-set-expire', eve.fingerprint, '0']);
  await story.gpg.run(['--quick-set-expire', eve.fingerprint, '0', '*']);
  const certificate = await story.publicKey(eve);
  await story.order({
    kind: 'representative-add',
    member: 'Arch',
    address: address(eve.address),
    certificate,
  });
  story.pass(day + 1);
  await story.settle();
  const copies = (await story.news(eve)).filter((one) => one.text.includes('canary-report'));
  assert.equal(copies.length, 1);
  await story.tell({ ...report, subject: '[vs] libbar', body: 'canary-next-month' });
  assert.match((await story.news(eve)).at(-1)?.text ?? '', /canary-next-month/);
});

test('the story ends with nothing forgotten', () => story.end());
