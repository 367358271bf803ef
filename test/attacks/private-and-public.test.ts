import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { Client } from 'pg';
import { openPublicKeeperStore } from '../../src/adapters/postgres/public-store.ts';
import { mayBePrivate } from '../../src/publication/moderation/moderation-reason.ts';
import { type PublicKeeper, startPublicKeeper } from '../../src/run/public-keeper.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { listDomain } from '../stand-ins/running-list.ts';
import { caseAddress, type Story, startStory } from '../stand-ins/story.ts';

/**
 * Attack, often an accident (U1, M6): one mail for the private and the public list, by To, Cc, Bcc or Resent-To, at once or
 * in two transactions. Nothing of it leaves in public, the members are alarmed where there is a sign, and what a moderator
 * must look at says why. Deeper: src/publication/screen-posting.test.ts, src/message/judge/rules.test.ts.
 */
let story: Story;
let alice: Person;
let keeper: PublicKeeper;
let publicSide: Client;
let number: string;
const list = 'linux-distros@lists.example.org';
const posts = 'oss-security@lists.example.org';
const quiet = { info: () => {}, error: () => {} };

before(async () => {
  story = await startStory({ lists: ['linux-distros', 'oss-security'] });
  keeper = startPublicKeeper({
    store: openPublicKeeperStore(story.databases.as('public_keeper', 'public')),
    domain: listDomain,
    operator: story.operatorPin,
    clock: story.now,
    log: quiet,
  });
  publicSide = new Client(story.databases.superuser('public'));
  await publicSide.connect();
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.tell({
    from: 'Rita <rita@researcher.example>',
    to: list,
    subject: '[vs] libfoo',
    body: 'canary-report',
    seal: 'linux-distros',
  });
  [number = ''] = await story.cases();
  await nothingWaits();
  story.skipNews();
});
afterEach(() => story.skipNews());
after(async () => {
  await keeper.stop();
  await publicSide.end();
  await story.close();
});

async function nothingWaits(): Promise<void> {
  const waiting = `SELECT count(*)::int AS count FROM inbox WHERE state = 'waiting'`;
  await publicSide.query('NOTIFY embargod_public');
  while ((await publicSide.query(waiting)).rows[0].count > 0) await publicSide.query('SELECT pg_sleep(0.01)');
}

type Held = Readonly<{ state: string; held_for: readonly string[] }>;

/** Mail in the public inbox that speaks of `canary`; the private one is asked by who reads. */
async function inPublic(canary: string): Promise<readonly Held[]> {
  const sql = `SELECT state, held_for FROM inbox WHERE kind = 'mail' AND position(convert_to($1, 'UTF8') IN raw) > 0 ORDER BY id`;
  const { rows } = await publicSide.query<Held>(sql, [canary]);
  // What holds every stranger's first posting besides is another test's (public-posting).
  return rows.map(({ state, held_for }) => ({
    state,
    held_for: held_for.filter((one) => mayBePrivate([one])),
  }));
}

type Way = Readonly<{
  fields: readonly string[];
  transactions: readonly (readonly string[])[];
  heldFor: readonly string[];
}>;

const named = ['names-a-private-address', 'has-the-tag-of-reports'];
const ways: Readonly<Record<string, Way>> = {
  'To both, at once': { fields: [`To: ${list}, ${posts}`], transactions: [[list, posts]], heldFor: [] },
  'To both, in two transactions': {
    fields: [`To: ${list}, ${posts}`],
    transactions: [[list], [posts]],
    heldFor: named,
  },
  'Cc, public first': {
    fields: [`To: ${list}`, `Cc: ${posts}`],
    transactions: [[posts], [list]],
    heldFor: named,
  },
  'Bcc to the private list, at once': {
    fields: [`To: ${posts}`],
    transactions: [[posts, list]],
    heldFor: [],
  },
  'Bcc to the private list, in two': {
    fields: [`To: ${posts}`],
    transactions: [[posts], [list]],
    heldFor: ['has-the-tag-of-reports'],
  },
  'Bcc to the public list, at once': { fields: [`To: ${list}`], transactions: [[list, posts]], heldFor: [] },
  'a Bcc field that a program left in': {
    fields: [`To: ${posts}`, `Bcc: ${list}`],
    transactions: [[posts], [list]],
    heldFor: named,
  },
  'Resent-To, in two': {
    fields: ['To: rita@researcher.example', `Resent-To: ${list}, ${posts}`],
    transactions: [[list], [posts]],
    heldFor: named,
  },
};

for (const [way, { fields, transactions, heldFor }] of Object.entries(ways)) {
  test(`${way}: the members are alarmed, and nothing leaves in public`, async () => {
    const canary = `canary-${way.replaceAll(/[ ,]+/g, '-')}`;
    const sunk = story.sink.mails().length;
    const raw = ['From: r@researcher.example', ...fields, `Subject: [vs] ${way}`, '', canary, ''].join(
      '\r\n',
    );
    for (const to of transactions) {
      assert.match(await story.send({ from: 'r@researcher.example', to, raw }), /^250 /);
    }
    await Promise.all([story.settle(), nothingWaits()]);
    const copy = await story.onlyNews(alice);
    assert.match(copy.text, new RegExp(canary), 'honest: the report is read');
    assert.match(copy.says('Note'), /ALARM: it was also addressed to the public list oss-security@/);
    const expected = transactions.length === 1 ? [] : [{ state: 'held', held_for: heldFor }];
    assert.deepEqual(await inPublic(canary), expected, 'I2: at once, it rests nowhere in public');
    const left = story.sink.mails().slice(sunk);
    assert.ok(
      left.every(({ recipient, raw: sent }) => recipient === alice.address && !sent.includes('canary')),
    );
  });
}

test('a posting that names a case, answers a copy or holds what was sealed for us waits for a closer look', async () => {
  const copyId = /^Message-ID: (<.*>)/m.exec(story.mailFor(alice.address)[0]?.raw ?? '')?.[1] ?? '';
  const armour = (await story.sealTo('linux-distros', 'canary-sealed\n')).replace(/\r?\n/g, '\r\n');
  const mails: readonly (readonly [string, readonly string[], string, readonly string[]])[] = [
    ['canary-case', [`Cc: ${caseAddress(number)}`], 'x', ['names-a-private-address']],
    ['canary-no-case', [`Cc: ${caseAddress('VS-1999-0001')}`], 'x', ['names-a-private-address']],
    ['canary-answer', [`In-Reply-To: ${copyId}`], 'x', ['answers-a-private-message']],
    ['canary-armour', [], armour, ['holds-openpgp']],
    ['canary-ordinary', ['Subject: libfoo 2.4 released'], 'It is public.', []],
  ];
  for (const [canary, fields, text, expected] of mails) {
    const raw = ['From: r@researcher.example', `To: ${posts}`, ...fields, '', canary, text, ''].join('\r\n');
    assert.match(
      await story.send({ from: 'r@researcher.example', to: [posts], raw }),
      /^250 /,
      'one answer for all (I9)',
    );
    await nothingWaits();
    assert.deepEqual(await inPublic(canary), [{ state: 'held', held_for: expected }], canary);
  }
  assert.deepEqual(await story.news(alice), []);
});

test('the story ends with nothing forgotten', () => story.end());
