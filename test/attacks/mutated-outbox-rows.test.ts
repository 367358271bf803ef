import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { minute } from '../../src/time/instant.ts';
import { address } from '../stand-ins/community.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import type { SinkBehaviour } from '../stand-ins/mail-sink.ts';
import { type Story, startStory } from '../stand-ins/story.ts';

/**
 * Attack (P5): whoever writes the private database changes what lies in the outbox. The real sender holds every such row,
 * and a person hears of it. Deeper, also for rows that the keyholder itself had signed: src/message/deliver/check-copy.test.ts.
 */
let story: Story;
let alice: Person;
let bob: Person;
let away = false;
const list = 'linux-distros@lists.example.org';

/** While Bob's server is away his copy lies in the outbox, where it can be changed. */
const behaviour = (recipient: string): SinkBehaviour =>
  recipient === 'bob@suse.example' && away ? { kind: 'reply', at: 'recipient', code: 451 } : { kind: 'take' };

before(async () => {
  story = await startStory({ sink: { behaviour } });
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  bob = await story.person('Bob', 'bob@suse.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.join('SUSE', 'linux-distros', bob);
  await story.order({ kind: 'administrator-add', list: 'linux-distros', address: address(alice.address) });
});
after(() => story.close());

/** What one does to Bob's row, `$1`, as superuser; `of` says what the row was like before. */
type Mutation = Readonly<{ sql: readonly string[]; reason: RegExp }>;

const alicesRow = `(SELECT a FROM outbox a WHERE a.recipient = 'alice@debian.example' AND a.body_id = o.body_id)`;

/** Base64 lines of a packet: a symmetric session-key packet (tag 3, version 4, AES-256, simple S2K SHA-256). */
const symmetric = Buffer.from('\xc3\x04\x04\x09\x00\x08', 'latin1').toString('base64');
/** A literal data packet: text that anybody reads. */
const literal = Buffer.from('\xcb\x12b\x00\x00\x00\x00\x00canary-clear', 'latin1').toString('base64');

const mutations: Readonly<Record<string, Mutation>> = {
  'a body in clear': {
    sql: [
      `INSERT INTO bodies SELECT 'clear-body', list, case_number, message_id, envelope_head, envelope_end
         FROM bodies WHERE id = (SELECT body_id FROM outbox WHERE id = $1)`,
      `INSERT INTO body_tails SELECT 'clear-body', a, convert_to('${literal}' || E'\\r\\n', 'UTF8')
         FROM generate_series(0, 2) AS a WHERE $1 <> ''`,
      `UPDATE outbox SET body_id = 'clear-body' WHERE id = $1`,
    ],
    reason: /^(row|body)-not-permitted$/,
  },
  'clear text around the body': {
    sql: [
      `INSERT INTO bodies SELECT 'talking-body', list, case_number, message_id,
           convert_to(E'Subject: canary-clear\\r\\n', 'UTF8') || envelope_head, envelope_end
         FROM bodies WHERE id = (SELECT body_id FROM outbox WHERE id = $1)`,
      `INSERT INTO body_tails SELECT 'talking-body', alignment, bytes
         FROM body_tails WHERE body_id = (SELECT body_id FROM outbox WHERE id = $1)`,
      `UPDATE outbox SET body_id = 'talking-body' WHERE id = $1`,
    ],
    reason: /^(row|body)-not-permitted$/,
  },
  'a packet for another reader': {
    sql: [
      `UPDATE outbox o SET head = (${alicesRow}).head, key_ids = (${alicesRow}).key_ids,
         alignment = (${alicesRow}).alignment, checksum = (${alicesRow}).checksum WHERE id = $1`,
    ],
    reason: /^row-not-permitted$/,
  },
  'another address': {
    sql: [`UPDATE outbox SET recipient = 'mallory@evil.example' WHERE id = $1`],
    reason: /^row-not-permitted$/,
  },
  'another reader': {
    sql: [`UPDATE outbox o SET reader_id = (${alicesRow}).reader_id WHERE id = $1`],
    reason: /^row-not-permitted$/,
  },
  'a wrong key': {
    sql: [`UPDATE outbox SET key_ids = ARRAY['FFFFFFFFFFFFFFFF'] WHERE id = $1`],
    reason: /^row-not-permitted$/,
  },
  'a symmetric packet before the others': {
    sql: [`UPDATE outbox SET head = convert_to('${symmetric}' || E'\\r\\n', 'UTF8') || head WHERE id = $1`],
    reason: /^row-not-permitted$/,
  },
  'a permit of another message': {
    sql: [
      `UPDATE outbox SET permit_id = (SELECT p.id FROM permits p WHERE p.id <> permit_id ORDER BY p.id LIMIT 1) WHERE id = $1`,
    ],
    reason: /^(row-not-permitted)$/,
  },
  'a permit of the attacker’s making': {
    sql: [
      `INSERT INTO permits SELECT 'forged', document, decode(repeat('00', 64), 'hex') FROM permits
         WHERE id = (SELECT permit_id FROM outbox WHERE id = $1)`,
      `UPDATE outbox SET permit_id = 'forged' WHERE id = $1`,
    ],
    reason: /^permit-forged$/,
  },
  'a foreign certificate for the reader': {
    sql: [
      `UPDATE readers SET encryption_key_ids = encryption_key_ids || ARRAY['FFFFFFFFFFFFFFFF']
         WHERE id = (SELECT reader_id FROM outbox WHERE id = $1)`,
    ],
    reason: /^reader-forged$/,
  },
  'the reader’s name gone': {
    sql: [`DELETE FROM readers WHERE id = (SELECT reader_id FROM outbox WHERE id = $1)`],
    reason: /^reader-missing$/,
  },
  'made a notice in clear': {
    sql: [
      `UPDATE outbox SET kind = 'notice', body_id = NULL, reader_id = NULL, key_ids = NULL, head = NULL,
         alignment = NULL, checksum = NULL, template = 'receipt', return_path = '',
         parameters = '{"receivedAt": "2026-11-23T12:00:00Z", "inReplyTo": "<canary-clear@evil.example>"}'
         WHERE id = $1`,
    ],
    reason: /^row-not-permitted$/,
  },
};

for (const [what, { sql, reason }] of Object.entries(mutations)) {
  test(`${what}: held, never sent, and told to a person`, async () => {
    const { id, reader } = await copyInTheOutbox(what);
    for (const statement of sql) await story.query(statement, [id]);
    const sunk = story.sink.mails().length;
    story.skipNews();
    await comesBack();
    const [row] = await story.query('SELECT state FROM outbox WHERE id = $1', [id]);
    assert.equal(row?.state, 'held');
    const [last] = await story.query(
      'SELECT reason FROM deliveries WHERE outbox_id = $1 ORDER BY id DESC LIMIT 1',
      [id],
    );
    assert.match(String(last?.reason), reason);
    const left = story.sink.mails().slice(sunk);
    assert.deepEqual(
      left.filter((mail) => mail.recipient !== alice.address),
      [],
      'only the administrator hears',
    );
    for (const { raw } of left) assert.doesNotMatch(raw, /canary/);
    const repairs = `SELECT id FROM obligations WHERE subject = $1 AND kind = 'repair-delivery' AND settled_at IS NULL`;
    assert.equal((await story.query(repairs, [id])).length, 1);
    await putBack(reader);
  });
}

test('a body that the database changes while it is written leaves for nobody', async () => {
  await story.query(`CREATE FUNCTION tamper() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN NEW.bytes := convert_to('${literal}' || E'\\r\\n', 'UTF8'); RETURN NEW; END $$`);
  await story.query(
    'CREATE TRIGGER tamper BEFORE INSERT ON body_tails FOR EACH ROW EXECUTE FUNCTION tamper()',
  );
  const sunk = story.sink.mails().length;
  const from = 'Rita <rita@researcher.example>';
  await story.tell({ from, to: list, subject: '[vs] x', body: 'canary-tampered', seal: 'linux-distros' });
  await story.query('DROP TRIGGER tamper ON body_tails');
  assert.deepEqual(story.sink.mails().slice(sunk), []);
  // That goes for the alarm about it too; the next digest tells, and the obligations stand.
  const reasons =
    await story.query(`SELECT DISTINCT reason FROM deliveries WHERE kind = 'held' AND outbox_id IN
    (SELECT id FROM outbox WHERE body_id NOT IN ('clear-body', 'talking-body')) AND reason LIKE 'body%'`);
  assert.deepEqual(reasons, [{ reason: 'body-not-permitted' }]);
  story.skipNews();
});

test('honest: a row that nobody touched leaves as soon as the server is back', async () => {
  await copyInTheOutbox('untouched');
  story.skipNews();
  await comesBack();
  assert.match((await story.onlyNews(bob)).text, /canary-untouched/);
  await story.end();
});

type Row = Record<string, unknown>;

/** A report whose copy for Bob waits; the id of its row, and Bob's reader row as it is. */
async function copyInTheOutbox(body: string): Promise<Readonly<{ id: string; reader: Row }>> {
  away = true;
  const from = 'Rita <rita@researcher.example>';
  await story.tell({ from, to: list, subject: '[vs] x', body: `canary-${body}`, seal: 'linux-distros' });
  const [row] = await story.query(
    `SELECT id, reader_id FROM outbox WHERE recipient = $1 AND state = 'deferred'`,
    [bob.address],
  );
  const [reader = {}] = await story.query('SELECT * FROM readers WHERE id = $1', [row?.reader_id]);
  return { id: String(row?.id), reader };
}

async function comesBack(): Promise<void> {
  away = false;
  story.pass(2 * minute);
  await story.settle();
}

async function putBack({
  id,
  address: at,
  standing,
  encryption_key_ids: keys,
  signature,
}: Row): Promise<void> {
  await story.query(
    `INSERT INTO readers VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO UPDATE SET encryption_key_ids = $4`,
    [id, at, standing, keys, signature],
  );
}
