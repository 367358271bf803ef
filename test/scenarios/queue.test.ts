import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Installation, makeInstallation } from '../stand-ins/installation.ts';
import type { Started } from '../stand-ins/real-server.ts';

/** The operator's queue commands on a real server whose relay refuses for now whom the test says. */
const limit = { timeout: 90_000 };
const refused = new Set<string>();
let here: Installation;
let server: Started;

before(async () => {
  here = await makeInstallation({
    sink: {
      behaviour: (recipient) =>
        refused.has(recipient) ? { kind: 'reply', code: 450, at: 'recipient' } : { kind: 'take' },
    },
  });
  server = await here.run();
  await here.order('list', 'add', 'linux-distros', '--preset', 'linux-distros');
  await here.order('member', 'add', 'Debian', '--list', 'linux-distros');
  for (const name of ['alice', 'bob']) {
    const address = `${name}@debian.example`;
    const certificate = await here.person(name, address);
    await here.order('representative', 'add', 'Debian', address, '--certificate', certificate);
    refused.add(address);
  }
}, limit);
after(async () => {
  await server?.stop();
  await here?.close();
}, limit);

type Row = Readonly<{ id: string; recipient: string; state: string; case: string }>;
const list = async (...words: readonly string[]) =>
  (await here.ask('outbox', 'list', ...words)) as readonly Row[];

/** The sender settles its batch a moment after the peer's answer. */
async function listOf(count: number, ...words: readonly string[]): Promise<readonly Row[]> {
  for (;;) {
    const rows = await list(...words);
    if (rows.length === count) return rows;
  }
}

test('what waits is counted, filtered and shown with its attempts', limit, async () => {
  const raw = 'From: Rita <rita@researcher.example>\nSubject: [vs] overflow\n\nIt overflows.\n';
  assert.match(await here.send('rita@researcher.example', 'linux-distros@lists.example.org', raw), /^250/);
  const [first] = await listOf(2, '--state', 'deferred');
  assert.ok(first);
  assert.deepEqual(await list('--to', 'ALICE@', '--state', 'deferred,failed').then((rows) => rows.length), 1);
  assert.deepEqual(await list('--older-than', '1h'), []);
  assert.equal((await list('--case', first.case)).length, 2);
  assert.match(await here.order('outbox', 'summary'), /^STATE +COUNT +OLDEST\ndeferred +2 +\d{4}-/);
  const shown = await here.order('outbox', 'show', first.id);
  assert.match(shown, /^AT +OUTCOME +CODE +REASON\n\S+ +deferred +450 +/m);
});

test('what is held back does not leave, is a task, and leaves when it is released', limit, async () => {
  const [alice] = await list('--to', 'alice@');
  assert.ok(alice);
  assert.match(await here.order('outbox', 'hold', alice.id), /^1 row is stopped\.$/m);
  assert.match(await here.order('obligation', 'list'), new RegExp(`repair-delivery.*${alice.id}`));
  refused.clear();
  assert.match(await here.order('outbox', 'flush'), /^1 row is queued again\.$/m);
  await here.sink.taken(1);
  const again = await here.operator('outbox', 'retry', alice.id);
  assert.equal(again.code, 1);
  assert.match(again.stderr, /is stopped; only deferred, failed, uncertain rows can be tried again/);
  assert.match(await here.order('outbox', 'release', '--every', '--dry-run'), /alice@debian\.example/);
  assert.deepEqual(
    here.sink.mails().map(({ recipient }) => recipient),
    ['bob@debian.example'],
  );
  assert.match(await here.order('outbox', 'release', '--every'), /^1 row is queued again\.$/m);
  await here.sink.taken(2);
  assert.deepEqual(await listOf(0), []);
  assert.doesNotMatch(await here.order('obligation', 'list'), /repair-delivery/);
});

test(
  'a slip of the hand changes nothing: no condition, both kinds, or a row in another state',
  limit,
  async () => {
    for (const [words, says] of [
      [['retry'], /ids, conditions such as --state, or --every/],
      [['hold', 'a', '--every'], /not both/],
      [['hold', 'nowhere'], /There is no outbox row nowhere/],
      [['show', 'nowhere'], /There is no outbox row nowhere/],
    ] as const) {
      const ran = await here.operator('outbox', ...words);
      assert.equal(ran.code, 1);
      assert.match(ran.stderr, says);
    }
    const [sent] = await list('--all', '--to', 'alice@');
    const ran = await here.operator('outbox', 'hold', sent?.id ?? '');
    assert.match(ran.stderr, /is sent; hold takes rows that are queued or deferred/);
  },
);
