import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { address } from '../stand-ins/community.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { type Story, startStory } from '../stand-ins/story.ts';

/** Attack: reading, outside a copy, what its author had kept inside the encryption (I2; RFC 9788). */
let story: Story;
let alice: Person;
const list = 'linux-distros@lists.example.org';

before(async () => {
  story = await startStory();
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.order({ kind: 'administrator-add', list: 'linux-distros', address: address(alice.address) });
});
after(() => story.close());

/** Seals it with every field inside and none of them outside. */
async function tellHidden(to: string): Promise<void> {
  const inside = [
    'Content-Type: text/plain; charset=utf-8; hp="cipher"',
    'From: Canary Name <canary-from@inner.example>',
    'To: canary-to@inner.example',
    'Cc: canary-cc@inner.example',
    'Reply-To: canary-reply-to@inner.example',
    'Date: Thu, 01 Jan 2004 00:00:00 +0000',
    'Subject: canary-subject',
    'Message-ID: <canary-id@inner.example>',
    'In-Reply-To: <canary-answered@inner.example>',
    'References: <canary-thread@inner.example> <canary-answered@inner.example>',
    '',
    'canary-text',
    '',
  ].join('\r\n');
  const armour = await story.sealTo('linux-distros', inside);
  const raw = [
    'From: Outer <outer@relay.example>',
    `To: ${to}`,
    'Subject: ...',
    'Message-ID: <outer-id@relay.example>',
    'MIME-Version: 1.0',
    'Content-Type: text/plain',
    '',
    armour,
    '',
  ].join('\r\n');
  assert.match(await story.send({ from: 'outer@relay.example', to: [to], raw }), /^250 /);
  await story.settle();
}

test('no field that stood only in the protected header appears outside a copy', async () => {
  await tellHidden(list);
  const copy = await story.onlyNews(alice);
  assert.match(copy.text, /canary-text/);
  assert.doesNotMatch(copy.mail.raw, /canary|2004/i);
  assert.match(copy.outer('References'), /<outer-id@relay\.example>/, 'M3: what was in clear still threads');
});

test('nor outside what the administrators get of mail to them', async () => {
  await tellHidden('linux-distros-owner@lists.example.org');
  const copy = await story.onlyNews(alice);
  assert.match(copy.text, /canary-text/);
  assert.doesNotMatch(copy.mail.raw, /canary|2004/i);
});
