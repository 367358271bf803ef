import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { address } from '../stand-ins/community.ts';
import { withClient } from '../stand-ins/filled-tables.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { type Story, startStory } from '../stand-ins/story.ts';

/**
 * Attack: whoever took over intake or sender writes rows, with exactly the rights that it has, that the keyholder stumbles
 * over: then no mail is read any more, nobody can be suspended, no key ended (T8, I5).
 */
const limit = { timeout: 120_000 };
let story: Story;
let alice: Person;
const list = 'linux-distros@lists.example.org';

before(async () => {
  story = await startStory();
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.order({ kind: 'administrator-add', list: 'linux-distros', address: address(alice.address) });
}, limit);
after(() => story.close());

const as = (role: 'intake' | 'sender', sql: string, values: readonly unknown[] = []) =>
  withClient(story.databases.as(role), (client) => client.query(sql, [...values]));

const insert =
  'INSERT INTO inbox (id, received_at, lists, epoch, size_class, sealed) SELECT $1, $2, $3, epoch, 1, $4 FROM doors';
const mail = (row: Readonly<{ id?: string; at?: string; lists?: string }>) =>
  as('intake', insert, [
    row.id ?? 'poison',
    row.at ?? 'now',
    row.lists ?? '{linux-distros}',
    Buffer.from('x'),
  ]);

test(
  'an instant without end, a name with a line break, a list that is none: the database takes no such row',
  limit,
  async () => {
    const poison = [
      { at: '-infinity' },
      { at: 'infinity' },
      { at: '294276-01-01' },
      { id: 'a\nBcc: mallory@evil.example' },
      { id: 'a\u001b[2J' },
      { lists: '{}' },
      { lists: '{NULL}' },
      { lists: '{{a,b}}' },
      { lists: '{"a b"}' },
      { lists: `{${'x'.repeat(500)}}` },
    ];
    for (const row of poison) await assert.rejects(mail(row), { code: '23514' }, JSON.stringify(row));
    const outcome = `INSERT INTO deliveries (outbox_id, at, kind, code, reason) VALUES`;
    for (const values of [
      `('a', 'infinity', 'failed', 550, 'x')`,
      `('a', now(), 'failed', 550, E'x\\nBcc: y')`,
      `('a\n', now(), 'failed', 550, 'x')`,
    ])
      await assert.rejects(as('sender', `${outcome} ${values}`), { code: '23514' }, values);
    await assert.rejects(
      as(
        'intake',
        `INSERT INTO heartbeats (process, instance, version, clock) VALUES ('intake', 'a', '1', 'infinity')`,
      ),
      { code: '23514' },
    );
  },
);

test('rows that nothing was ever sealed in are held, and mail behind them is read', limit, async () => {
  await mail({ id: 'junk', at: '2000-01-02' });
  await mail({ id: 'nolist', at: '2000-01-03', lists: '{nosuch}' });
  await story.tell({ from: 'R <r@h.example>', to: list, subject: '[vs] real', body: 'canary-real' });
  assert.match((await story.news(alice)).map(({ text }) => text).join('\n'), /canary-real/);
  assert.deepEqual((await story.inbox('held')).length, 2);
});

test(
  'they stand in the way of no new key: a stolen one is replaced, and its storage keys end',
  limit,
  async () => {
    const answer = await story.order({ kind: 'list-rotate-key', name: 'linux-distros', compromised: true });
    assert.equal(answer.kind, 'done', JSON.stringify(answer));
    assert.equal((await story.inbox('held')).length, 2);
  },
);

test(
  'a row that is kept locked stops the request that needs it, in words, and nothing else',
  limit,
  async () => {
    const thief = new Client(story.databases.as('intake'));
    await thief.connect();
    try {
      await thief.query('BEGIN');
      await thief.query(insert, ['locked', 'now', '{linux-distros}', Buffer.from('x')]);
      const rotate = story.order({ kind: 'list-rotate-key', name: 'linux-distros', compromised: true });
      await assert.rejects(rotate, /rows locked/);
      const before = (await story.cases()).length;
      await story.tell({ from: 'R <r@h.example>', to: list, subject: '[vs] behind', body: 'It overflows.' });
      assert.equal((await story.cases()).length, before + 1);
    } finally {
      await thief.end();
    }
  },
);
