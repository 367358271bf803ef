import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { day, hour, minute } from '../../src/time/instant.ts';
import { address } from '../stand-ins/community.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import type { SinkBehaviour } from '../stand-ins/mail-sink.ts';
import { type Story, startStory } from '../stand-ins/story.ts';

/** One reader's mail server is no other reader's trouble, and each trouble is somebody's task (I5, DESIGN §3). */
let story: Story;
let alice: Person;
let later: Person;
let never: Person;
let dropped: Person;
let mended = false;
const list = 'linux-distros@lists.example.org';

const behaviour = (recipient: string, attempt: number): SinkBehaviour => {
  if (recipient === 'later@suse.example' && attempt < 2) return { kind: 'reply', at: 'recipient', code: 450 };
  if (recipient === 'never@arch.example' && !mended) return { kind: 'reply', at: 'end', code: 550 };
  if (recipient === 'stuck@wind.example') return { kind: 'reply', at: 'data', code: 452 };
  if (recipient === 'dropped@gentoo.example' && attempt < 1) return { kind: 'drop', at: 'middle' };
  return { kind: 'take' };
};

before(async () => {
  story = await startStory({ sink: { behaviour } });
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  later = await story.person('Later', 'later@suse.example', 'ed25519');
  never = await story.person('Never', 'never@arch.example', 'ed25519');
  dropped = await story.person('Dropped', 'dropped@gentoo.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.join('SUSE', 'linux-distros', later);
  await story.join('Arch', 'linux-distros', never);
  await story.join('Gentoo', 'linux-distros', dropped);
  const stuck = await story.person('Stuck', 'stuck@wind.example', 'ed25519');
  await story.join('Wind River', 'linux-distros', stuck);
  await story.order({ kind: 'administrator-add', list: 'linux-distros', address: address(alice.address) });
  await story.tell({
    from: 'Rita <rita@researcher.example>',
    to: list,
    subject: '[vs] libfoo',
    body: 'canary-report',
    seal: 'linux-distros',
  });
});
after(() => story.close());

test('others have their copies at once; the administrators hear, sealed, of the one that is refused for ever', async () => {
  const [report, alarm, ...more] = await story.news(alice);
  assert.match(report?.text ?? '', /canary-report/);
  assert.equal(more.length, 0);
  assert.match(alarm?.says('What') ?? '', /^Mail to never@arch\.example could not be delivered: .*\(550\)/);
  assert.doesNotMatch(alarm?.mail.raw ?? '', /never@arch/);
  const [failed] = await rows('never@arch.example');
  assert.equal(failed?.state, 'failed');
  assert.match(alarm?.says('To do') ?? '', new RegExp(`embargod outbox retry ${failed?.id}`));
  assert.deepEqual(await repairs(String(failed?.id)), [{ owner: 'administrators', ending: null }]);
});

test('a refusal for now and a lost connection are tried again, until each has exactly one copy', async () => {
  assert.deepEqual([...(await story.news(later)), ...(await story.news(dropped))], []);
  assert.equal((await rows('later@suse.example'))[0]?.state, 'deferred');
  story.pass(2 * minute);
  await story.settle();
  assert.match((await story.onlyNews(dropped)).text, /canary-report/);
  assert.deepEqual(await story.news(later), []);
  story.pass(hour);
  await story.settle();
  assert.match((await story.onlyNews(later)).text, /canary-report/);
  story.pass(day);
  await story.settle();
  assert.deepEqual([...(await story.news(later)), ...(await story.news(dropped))], []);
  story.skipNews();
});

test('a retry that fails again ends the old task and makes a new one', async () => {
  const [row] = await rows('never@arch.example');
  const id = String(row?.id);
  await story.order({ kind: 'outbox-retry', id });
  await story.settle();
  assert.equal((await rows('never@arch.example'))[0]?.state, 'failed');
  assert.deepEqual(
    (await repairs(id)).map(({ ending }) => ending),
    ['tried again', null],
  );
});

test('retried once it is mended, the reader reads the old message, and nothing is left to do', async () => {
  const [row] = await rows('never@arch.example');
  const id = String(row?.id);
  mended = true;
  await story.order({ kind: 'outbox-retry', id });
  await story.settle();
  assert.match((await story.onlyNews(never)).text, /canary-report/);
  assert.deepEqual(
    (await repairs(id)).map(({ ending }) => ending),
    ['tried again', 'tried again'],
  );
  const twice = await story.ask({ kind: 'outbox-retry', id });
  assert.match(twice.kind === 'refused' ? twice.reason : '', /is sent; only/);
});

test('what is refused for now until it is too old has failed, and is told and owned like the rest', async () => {
  assert.deepEqual((await rows('stuck@wind.example'))[0]?.state, 'deferred');
  story.skipNews();
  for (let days = 0; days < 6; days += 1) {
    story.pass(day);
    await story.settle();
  }
  const [row] = await rows('stuck@wind.example');
  assert.equal(row?.state, 'failed');
  const alarms = (await story.news(alice)).map((one) => one.says('What')).filter((what) => what !== '');
  assert.equal(alarms.length, 1);
  assert.match(alarms[0] ?? '', /^Mail to stuck@wind\.example could not be delivered: gave-up-\S+ \(452\)/);
  assert.deepEqual(await repairs(String(row?.id)), [{ owner: 'administrators', ending: null }]);
});

test('the story ends with nothing forgotten', () => story.end());

async function rows(recipient: string) {
  return story.query('SELECT id, state FROM outbox WHERE recipient = $1', [recipient]);
}

async function repairs(id: string) {
  const sql =
    'SELECT owner, ending FROM obligations WHERE subject = $1 ORDER BY opened_at, settled_at NULLS LAST';
  return story.query(sql, [id]);
}
