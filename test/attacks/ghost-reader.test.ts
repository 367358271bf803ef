import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { day } from '../../src/time/instant.ts';
import { address } from '../stand-ins/community.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { caseAddress, type Story, startStory } from '../stand-ins/story.ts';

/**
 * Attack (A6, I10): whoever writes the private database puts a reader into it whom no member was told of. Deeper:
 * src/message/seal/late-wrap.test.ts (rows parked by others), src/membership/roster.test.ts.
 */
let story: Story;
let alice: Person;
let ghost: Person;
let number: string;
let ghostKey: string;
const list = 'linux-distros@lists.example.org';
const rita = 'Rita <rita@researcher.example>';

before(async () => {
  story = await startStory();
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  ghost = await story.person('Ghost', 'ghost@evil.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.order({ kind: 'administrator-add', list: 'linux-distros', address: address(alice.address) });
  await story.tell({ from: rita, to: list, subject: '[vs] a', body: 'canary-first', seal: 'linux-distros' });
  [number = ''] = await story.cases();
  story.skipNews();
  const listed = await story.gpg.run(['--with-colons', '--list-keys', ghost.fingerprint]);
  ghostKey = /^sub:(?:[^:]*:){3}([0-9A-F]+):/m.exec(Buffer.from(listed.stdout).toString())?.[1] ?? '';
  assert.match(ghostKey, /^[0-9A-F]{16}$/);
});
after(() => story.close());

/** What was sent to the ghost, and which of its rows the sender let through. */
async function reached(): Promise<readonly unknown[]> {
  const rows = await story.query(`SELECT state FROM outbox WHERE recipient = $1 AND state = 'sent'`, [
    ghost.address,
  ]);
  return [...story.mailFor(ghost.address), ...rows];
}

test('a reader row of its own, its signature taken from another’s, is nobody when mail is sealed', async () => {
  await story.query(
    `INSERT INTO readers SELECT 'ghost', $1, standing, ARRAY[$2], signature FROM readers WHERE address = $3`,
    [ghost.address, ghostKey, alice.address],
  );
  await story.tell({ from: rita, to: list, subject: '[vs] b', body: 'canary-second', seal: 'linux-distros' });
  const copy = await story.onlyNews(alice);
  assert.match(copy.text, /canary-second/, 'honest: the members read');
  assert.equal(copy.says('Sent to'), 'the members of linux-distros (1 reader)');
  assert.deepEqual(await reached(), []);
});

test('a copy in the outbox that names it is held, whether it is wrapped to it or to nobody', async () => {
  for (const [id, state] of [
    ['ghost-queued', 'queued'],
    ['ghost-parked', 'parked'],
  ]) {
    await story.query(
      `INSERT INTO outbox (id, list, case_number, recipient, return_path, state, permit_id, kind, body_id, reader_id,
           key_ids, head, alignment, checksum, created_at, next_at)
         SELECT $1, list, case_number, $2, return_path, $3, permit_id, kind, body_id, 'ghost',
           ARRAY[$4], head, alignment, checksum, created_at, next_at
         FROM outbox WHERE recipient = $5 AND case_number = $6 LIMIT 1`,
      [id, ghost.address, state, ghostKey, alice.address, number],
    );
  }
  await story.settle();
  story.pass(day);
  await story.settle();
  assert.deepEqual(await reached(), []);
  const [row] = await story.query(`SELECT state FROM outbox WHERE id = 'ghost-queued'`);
  assert.equal(row?.state, 'held');
  const told = (await story.news(alice)).map((one) => `${one.says('What')}${one.says('Waiting')}`).join('\n');
  assert.match(
    told,
    /Mail to ghost@evil\.example could not be delivered: row-not-permitted/,
    'people hear of it',
  );
});

test('the row of a true reader, turned into the ghost’s, stops what goes to it and seals nothing to the ghost', async () => {
  await story.query(`UPDATE readers SET address = $1, encryption_key_ids = ARRAY[$2] WHERE address = $3`, [
    ghost.address,
    ghostKey,
    alice.address,
  ]);
  const sunk = story.sink.mails().length;
  await story.tell({ from: rita, to: list, subject: '[vs] c', body: 'canary-third', seal: 'linux-distros' });
  assert.deepEqual(story.sink.mails().slice(sunk), []);
  const [row] = await story.query(`SELECT reason FROM deliveries ORDER BY id DESC LIMIT 1`);
  assert.equal(row?.reason, 'reader-forged');
  assert.deepEqual(await reached(), []);
});

test('a door of its own, with its own certificate to seal to, is not believed by intake', async () => {
  await story.query(
    `INSERT INTO doors SELECT 'linux-distros-2', kind, $1, epoch, signature FROM doors WHERE list = 'linux-distros'`,
    [Buffer.from(await story.gpg.exportPublic(ghost.fingerprint))],
  );
  const reply = await story.send({
    from: 'r@h.example',
    to: ['linux-distros-2@lists.example.org'],
    raw: 'From: r@h.example\n\nx\n',
  });
  assert.match(reply, /^[45]/);
  const honest = await story.send({
    from: 'r@h.example',
    to: [caseAddress(number)],
    raw: 'From: r@h.example\n\nx\n',
  });
  assert.match(honest, /^250 /);
  await story.settle();
  assert.deepEqual(await reached(), []);
});
