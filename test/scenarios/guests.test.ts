import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { day } from '../../src/time/instant.ts';
import { address } from '../stand-ins/community.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { caseAddress, type Story, startStory, teamAddress } from '../stand-ins/story.ts';

/** A guest of one case: announced, a day later a reader, and of nothing that was sealed before (A4, A5, A6). */
let story: Story;
let alice: Person;
let bob: Person;
let robin: Person;
let gus: Person;
let number: string;
const list = 'linux-distros@lists.example.org';

before(async () => {
  story = await startStory();
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  bob = await story.person('Bob', 'bob@suse.example', 'ed25519');
  robin = await story.person('Robin', 'robin@researcher.example', 'ed25519');
  gus = await story.person('Gus', 'gus@upstream.example', 'brainpoolP256r1');
  await story.join('Debian', 'linux-distros', alice);
  await story.join('SUSE', 'linux-distros', bob);
  const report = {
    from: robin,
    to: list,
    subject: '[vs] libfoo',
    body: 'canary-first',
    seal: 'linux-distros',
  };
  await story.tell({ ...report, signer: robin, enclose: robin });
  [number = ''] = await story.cases();
  story.skipNews();
});
after(() => story.close());

test('a guest is announced to the members, sealed, and reads nothing for a day', async () => {
  await story.order({
    kind: 'guest-add',
    caseNumber: number,
    address: address(gus.address),
    certificate: await story.publicKey(gus),
  });
  await story.settle();
  for (const member of [alice, bob]) {
    const told = await story.onlyNews(member);
    assert.match(told.says('Change'), new RegExp(`^gus@upstream\\.example becomes a guest of ${number}`));
    assert.match(told.says('In effect'), /^from 2026-.*nothing sealed before that becomes readable/);
  }
  await say(alice, 'canary-before');
  story.pass(day - 60_000);
  await say(alice, 'canary-still-before');
  assert.deepEqual(await story.news(gus), []);
});

test('a day later the guest reads what is sealed from then on, in a body of their own, and nothing older', async () => {
  story.pass(61_000);
  story.skipNews();
  await say(alice, 'canary-after');
  const [toGus, toBob, toRobin] = [
    await story.onlyNews(gus),
    await story.onlyNews(bob),
    await story.onlyNews(robin),
  ];
  assert.match(toGus.text, /canary-after/);
  assert.equal(new Set([toGus, toBob, toRobin].map(({ sessionKey }) => sessionKey)).size, 3);
  assert.match(
    toBob.says('Sent to'),
    /the reporter robin@researcher\.example; guests? gus@upstream\.example/,
  );
  assert.doesNotMatch(toGus.text, /robin@|bob@|canary-(first|before|still)/);
});

test('the guest’s own reply reaches members and the reporter, known by the guest’s key', async () => {
  story.skipNews();
  await say(gus, 'canary-guest');
  const copy = await story.onlyNews(alice);
  assert.match(copy.says('Signature'), new RegExp(`^good, by the guest of ${number}`));
  assert.match((await story.onlyNews(robin)).text, /canary-guest/);
  assert.deepEqual(await story.news(gus), []);
});

test('the team address leaves the guest out, and another case knows them not', async () => {
  story.skipNews();
  await say(alice, 'canary-team', teamAddress(number));
  await story.tell({ from: robin, to: list, subject: '[vs] libbar', body: 'other', seal: 'linux-distros' });
  assert.deepEqual(await story.news(gus), []);
});

test('the story ends with nothing forgotten', () => story.end());

async function say(who: Person, body: string, to = caseAddress(number)): Promise<void> {
  await story.tell({ from: who, to, subject: 'Re: libfoo', body, seal: 'linux-distros', signer: who });
}
