import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { address } from '../stand-ins/community.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { vouchingFor } from '../stand-ins/mail-resolver.ts';
import { type Story, startStory } from '../stand-ins/story.ts';

/** Attack: mail to an address of ours that is read by a machine, beside or instead of people, and so by nobody (T8). */
let story: Story;
let alice: Person;
const list = 'linux-distros@lists.example.org';

before(async () => {
  story = await startStory({ resolver: vouchingFor('vouched.example') });
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.order({ kind: 'administrator-add', list: 'linux-distros', address: address(alice.address) });
});
after(() => story.close());

async function textsForAlice(): Promise<string> {
  return (await story.news(alice)).map(({ text }) => text).join('\n');
}

test('the real report, sent as the answer to "your mail is waiting", is read by somebody', async () => {
  await story.tell({ from: 'Rita <rita@vouched.example>', to: list, subject: 'hello', body: 'canary-first' });
  const [told] = story.mailFor('rita@vouched.example');
  const replyTo = /^Reply-To: (\S+)\r$/m.exec(told?.raw ?? '')?.[1] ?? '';
  story.skipNews();
  await story.tell({
    from: 'Rita <rita@vouched.example>',
    to: replyTo,
    subject: 'Re: hello',
    body: 'canary-second, now encrypted as you asked',
    seal: 'linux-distros',
  });
  const texts = await textsForAlice();
  assert.match(texts, /canary-first/);
  assert.match(texts, /canary-second/);
});

test('a report that is sent to the list and to a return path is a report', async () => {
  await story.tell({
    from: 'Rita <rita@vouched.example>',
    to: [list, `linux-distros+bounce-${'a'.repeat(26)}@lists.example.org`],
    subject: '[vs] libfoo',
    body: 'canary-third',
  });
  assert.match(await textsForAlice(), /canary-third/);
  await story.end();
});
