import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { address } from '../stand-ins/community.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { vouchingFor } from '../stand-ins/mail-resolver.ts';
import { type Story, startStory } from '../stand-ins/story.ts';

/**
 * Attack: a stranger sends junk in another's name until the administrators are no longer told of each held mail; the true
 * author's report, held for a missing tag, would then wait for the daily digest.
 */
let story: Story;
let alice: Person;
const list = 'linux-distros@lists.example.org';

before(async () => {
  story = await startStory({ resolver: vouchingFor('researcher.example', 'evil.example') });
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.order({ kind: 'administrator-add', list: 'linux-distros', address: address(alice.address) });
});
after(() => story.close());

async function send(sender: string, about: string): Promise<void> {
  const raw = `From: Vic <vic@researcher.example>\nTo: ${list}\nSubject: ${about}\nMessage-ID: <${about}@x.example>\n\n${about}\n`;
  assert.match(await story.send({ from: sender, to: [list], raw }), /^250/);
  await story.settle();
}

test('mail that only claims an address does not silence the notice of its owner’s', async () => {
  for (let round = 0; round < 8; round += 1) await send('mallory@evil.example', `junk${round}`);
  const junk = (await story.news(alice)).length;
  assert.ok(junk >= 5 && junk < 8, `${junk} notices`);
  await send('vic@researcher.example', 'true');
  const texts = (await story.news(alice)).map(({ text }) => text);
  assert.match(texts.at(-1) ?? '', /true/);
});
