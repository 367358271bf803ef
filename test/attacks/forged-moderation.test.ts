import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import { Client } from 'pg';
import { generateOperatorKey } from '../../src/adapters/openpgp/operator-key/operator-mail.ts';
import { signStatement } from '../../src/adapters/openpgp/operator-key/sign-statement.ts';
import {
  type ModerationRequest,
  moderationBytes,
  writeModerationRequest,
} from '../../src/publication/moderation/moderation-request.ts';
import { hour, instantFromMilliseconds } from '../../src/time/instant.ts';
import { postingMail } from '../stand-ins/postings.ts';
import { type PublicList, publicList } from '../stand-ins/public-list.ts';
import { listDomain } from '../stand-ins/running-list.ts';

/**
 * Attack: somebody who can write into the table of requests (the operator's role without its key, or the database itself)
 * passes what a moderator has not passed. Only the operator key's word over this row, this mail, this installation and
 * these three days counts, and counts once.
 */
let here: PublicList;
let held: string;
let name: string;
let posted = 0;

before(async () => {
  here = await publicList();
});
beforeEach(async () => {
  posted += 1;
  name = `m${posted}@evil.example`;
  held = await here.post({ id: name, from: `Eve <eve${posted}@evil.example>` });
});
after(() => here.close());

const digestOf = () => {
  const raw = postingMail({ id: name, from: `Eve <eve${posted}@evil.example>` }).toString();
  return createHash('sha256').update(raw.replaceAll('\n', '\r\n')).digest('hex');
};

function request(over: Partial<ModerationRequest> = {}): ModerationRequest {
  return {
    id: randomUUID(),
    installation: listDomain,
    signedAt: here.running.now(),
    mail: held,
    digest: digestOf(),
    act: { kind: 'pass', publishAnyway: true },
    ...over,
  };
}

type Written = Readonly<{ row: string; statement: string; signature: Uint8Array }>;

function signed(asked: ModerationRequest, key = here.running.operatorKey): Written {
  const statement = writeModerationRequest(asked);
  return { row: asked.id, statement, signature: signStatement(key, moderationBytes(statement)) };
}

/** As whoever has the operator's role in the database; what became of it. */
async function lay({ row, statement, signature }: Written): Promise<string> {
  const client = new Client(here.access('operator'));
  await client.connect();
  try {
    await client.query('INSERT INTO requests (id, statement, signature) VALUES ($1, $2, $3)', [
      row,
      statement,
      signature,
    ]);
  } finally {
    await client.end();
  }
  await here.settle();
  const [found] = await here.query('SELECT state FROM requests WHERE id = $1', [row]);
  return String(found?.state);
}

async function assertUntouched(): Promise<void> {
  assert.equal((await here.state(held)).state, 'held');
  assert.deepEqual(await here.query('SELECT mail FROM moderation_decisions WHERE mail = $1', [held]), []);
  assert.deepEqual(await here.query('SELECT 1 FROM postings WHERE message_id = $1', [`<${name}>`]), []);
}

test('the same request, signed by the operator key, is carried out: the attacks below differ in one thing', async () => {
  assert.equal(await lay(signed(request())), 'done');
  assert.equal((await here.state(held)).state, 'done');
});

const forged: Readonly<Record<string, () => Written | Promise<Written>>> = {
  'not signed': () => ({ ...signed(request()), signature: new Uint8Array(64) }),
  'signed by another key': async () =>
    signed(request(), (await generateOperatorKey(here.running.now())).secret),
  'signed, then changed': () => {
    const refusal = signed(request({ act: { kind: 'refuse', reason: 'spam' } }));
    return { ...refusal, statement: writeModerationRequest(request({ id: refusal.row })) };
  },
  'for another mail, its id exchanged': () => {
    const other = signed(request({ mail: 'another' }));
    return { ...other, statement: other.statement.replace('"another"', JSON.stringify(held)) };
  },
  'for other bytes under this id': () => signed(request({ digest: '0'.repeat(64) })),
  'for another row': () => ({ ...signed(request()), row: randomUUID() }),
  'for another installation': () => signed(request({ installation: 'other.example' })),
  'older than 72 hours': () =>
    signed(request({ signedAt: instantFromMilliseconds(here.running.now() - 73 * hour) })),
  'from the future': () => signed(request({ signedAt: instantFromMilliseconds(here.running.now() + hour) })),
  'of a kind that there is not': () => {
    const statement = JSON.stringify({ ...request({ id: 'odd-one' }), act: { kind: 'remove' } });
    return {
      row: 'odd-one',
      statement,
      signature: signStatement(here.running.operatorKey, moderationBytes(statement)),
    };
  },
  'signed without the line that says what it is for': () => {
    const asked = request();
    const statement = writeModerationRequest(asked);
    const signature = signStatement(here.running.operatorKey, new TextEncoder().encode(statement));
    return { row: asked.id, statement, signature };
  },
};

for (const [what, make] of Object.entries(forged)) {
  test(`${what}: nothing is done`, async () => {
    assert.equal(await lay(await make()), 'refused');
    await assertUntouched();
  });
}

test('a request that was carried out cannot be laid again, in its row or in another', async () => {
  const refusal = signed(request({ act: { kind: 'refuse', reason: 'spam' } }));
  assert.equal(await lay(refusal), 'done');
  await assert.rejects(lay(refusal), { code: '23505' });
  assert.equal(await lay({ ...refusal, row: randomUUID() }), 'refused');
  const decisions = await here.query('SELECT verdict FROM moderation_decisions WHERE mail = $1', [held]);
  assert.deepEqual(decisions, [{ verdict: 'refused' }]);
});

test('a refusal is final: a later pass, though signed, posts nothing', async () => {
  assert.equal(await lay(signed(request({ act: { kind: 'refuse', reason: 'spam' } }))), 'done');
  assert.equal(await lay(signed(request())), 'refused');
  assert.deepEqual(await here.query('SELECT 1 FROM postings WHERE message_id = $1', [`<${name}>`]), []);
});

test('a record of the keyholder’s is nobody’s to moderate', async () => {
  const [record] = await here.query(`SELECT id FROM inbox WHERE kind = 'record'`);
  assert.equal(await lay(signed(request({ mail: String(record?.id) }))), 'refused');
});

for (const role of ['public_site', 'intake', 'keyholder'] as const) {
  test(`${role} cannot lay a request, not even a signed one`, async () => {
    const { row, statement, signature } = signed(request());
    const client = new Client(here.access(role));
    await client.connect();
    try {
      await assert.rejects(
        client.query('INSERT INTO requests (id, statement, signature) VALUES ($1, $2, $3)', [
          row,
          statement,
          signature,
        ]),
        { code: '42501' },
      );
    } finally {
      await client.end();
    }
    await assertUntouched();
  });
}
