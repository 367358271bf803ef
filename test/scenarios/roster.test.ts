import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { day } from '../../src/time/instant.ts';
import { address } from '../stand-ins/community.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import type { SinkBehaviour } from '../stand-ins/mail-sink.ts';
import { type Story, startStory } from '../stand-ins/story.ts';

/** Who reads a list changes in the open: additions wait and are announced, removals do not wait (A6, I10). */
let story: Story;
let alice: Person;
let bob: Person;
let carol: Person;
let away = false;
const list = 'linux-distros@lists.example.org';

/** While Bob's server is away, his copies stay in the outbox. */
const behaviour = (recipient: string): SinkBehaviour =>
  recipient === 'bob@suse.example' && away ? { kind: 'reply', at: 'recipient', code: 451 } : { kind: 'take' };

before(async () => {
  story = await startStory({ sink: { behaviour } });
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  bob = await story.person('Bob', 'bob@suse.example', 'ed25519');
  carol = await story.person('Carol', 'carol@arch.example', 'ed25519');
});
after(() => story.close());

test('before the first report, who joins reads at once, and nobody needs to be told', async () => {
  await story.join('Debian', 'linux-distros', alice);
  await story.join('SUSE', 'linux-distros', bob);
  await report('canary-first');
  assert.equal(story.sink.mails().length, 2);
  for (const reader of [alice, bob]) assert.match((await story.onlyNews(reader)).text, /canary-first/);
});

test('afterwards who joins is announced, sealed, to the members, and reads nothing for a day', async () => {
  await story.join('Arch', 'linux-distros', carol);
  await story.settle();
  for (const member of [alice, bob]) {
    const told = await story.onlyNews(member);
    assert.ok(told.sealed);
    assert.match(
      told.says('Change'),
      /^carol@arch\.example \(Arch\) joins with the certificate [0-9A-F]{40}$/,
    );
    assert.match(told.says('In effect'), /^from 20\d\d-.*unless the administrators undo it$/);
  }
  story.pass(day - 60_000);
  await report('canary-too-early');
  assert.deepEqual(await story.news(carol), []);
  story.skipNews();
});

test('a day later the new reader reads what comes, and nothing that came before', async () => {
  story.pass(61_000);
  await report('canary-in-time');
  const copy = await story.onlyNews(carol);
  assert.match(copy.text, /canary-in-time/);
  story.pass(day);
  await story.settle();
  assert.ok((await story.news(carol)).every((one) => !one.text.includes('canary-')));
  story.skipNews();
});

test('who is suspended has what was queued for them cancelled at once; the others are told', async () => {
  away = true;
  await report('canary-while-away');
  story.skipNews();
  assert.deepEqual(await statesFor(bob), ['deferred']);
  await story.order({ kind: 'representative-suspend', member: 'SUSE', address: address(bob.address) });
  assert.deepEqual(await statesFor(bob), ['cancelled']);
  away = false;
  await report('canary-while-suspended');
  story.pass(day);
  await story.settle();
  assert.deepEqual(await story.news(bob), []);
  const told = (await story.news(alice)).find((one) => one.says('Change') !== '');
  assert.equal(told?.says('Change'), 'bob@suse.example (SUSE) is suspended');
  assert.equal(told?.says('In effect'), 'now');
  story.skipNews();
});

test('who is restored is announced, and waits a day like anybody new', async () => {
  await story.order({ kind: 'representative-restore', member: 'SUSE', address: address(bob.address) });
  await story.settle();
  assert.equal((await story.onlyNews(carol)).says('Change'), 'bob@suse.example (SUSE) is restored');
  await report('canary-still-waiting');
  assert.deepEqual(await story.news(bob), []);
  story.pass(day + 1);
  await report('canary-restored');
  assert.match((await story.onlyNews(bob)).text, /canary-restored/);
  story.skipNews();
});

test('who is removed reads nothing more, and what they sign is held', async () => {
  await story.order({ kind: 'representative-remove', member: 'Arch', address: address(carol.address) });
  await story.settle();
  assert.equal((await story.onlyNews(alice)).says('Change'), 'carol@arch.example (Arch) is removed');
  await story.tell({
    from: carol,
    to: list,
    subject: '[vs] x',
    body: 'y',
    seal: 'linux-distros',
    signer: carol,
  });
  assert.equal((await story.inbox('held')).length, 1);
  await report('canary-after-removal');
  assert.deepEqual(await story.news(carol), []);
});

test('who comes back after removal is somebody new: announced, waiting, and of nothing older a reader', async () => {
  story.skipNews();
  await story.join('Arch', 'linux-distros', carol);
  await story.settle();
  assert.match((await story.onlyNews(alice)).says('Change'), /^carol@arch\.example \(Arch\) joins/);
  story.pass(day + 1);
  await story.settle();
  assert.deepEqual(await story.news(carol), []);
});

test('the story ends with nothing forgotten', () => story.end());

async function report(body: string): Promise<void> {
  const from = 'Rita <rita@researcher.example>';
  await story.tell({ from, to: list, subject: `[vs] ${body}`, body, seal: 'linux-distros' });
}

async function statesFor(person: Person): Promise<readonly unknown[]> {
  const sql = `SELECT state FROM outbox WHERE recipient = $1 AND state <> 'sent'`;
  return (await story.query(sql, [person.address])).map((row) => row.state);
}
