/**
 * Attack (K3): somebody listens on every connection between our processes and PostgreSQL, both ways, through a long
 * story: sealed and clear reports, replies, held, unopenable and bounced mail, a guest, an answer in clear, the
 * operator's orders. A secret word stands in subject, text, attachment, file name, an author's hidden name and reasons;
 * it must pass in no dress, however it is wrapped.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import { Client } from 'pg';
import { day } from '../../src/time/instant.ts';
import { makeCanary, manyTimes } from '../stand-ins/canary.ts';
import { address } from '../stand-ins/community.ts';
import { type DatabaseTap, type Heard, tapDatabases } from '../stand-ins/database-tap.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { vouchingFor } from '../stand-ins/mail-resolver.ts';
import {
  attachment,
  bytes,
  crlf,
  encryptedMail,
  head,
  multipart,
  utf8,
} from '../stand-ins/report-formats.ts';
import { caseAddress, type Story, startStory } from '../stand-ins/story.ts';
import { findUnwrapped } from '../stand-ins/unwrap.ts';

const limit = { timeout: 120_000 };
const secret = makeCanary();
const list = 'linux-distros@lists.example.org';
let tap: DatabaseTap;
let story: Story;
let alice: Person;

before(async () => {
  tap = await tapDatabases();
  story = await startStory({ between: tap.between, resolver: vouchingFor('researcher.example') });
  await tellStory();
}, limit);
after(async () => {
  await story.close();
  await tap.close();
});

async function tellStory(): Promise<void> {
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  const robin = await story.person('Robin', 'robin@researcher.example', 'ed25519');
  const gus = await story.person('Gus', 'gus@upstream.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.order({ kind: 'administrator-add', list: 'linux-distros', address: address(alice.address) });
  await story.order({
    kind: 'member-add',
    name: 'Secret',
    lists: ['linux-distros'],
    products: [secret.word],
  });
  for (const raw of await reports(robin)) await post(robin.address, list, raw);
  const [first = '', second = ''] = await story.cases();
  const certificate = await story.publicKey(gus);
  await story.order({ kind: 'guest-add', caseNumber: first, address: address(gus.address), certificate });
  story.pass(day + 1);
  const reply = { from: alice, subject: `Re: ${secret.word}`, seal: 'linux-distros', signer: alice };
  await story.tell({ ...reply, to: caseAddress(first), body: manyTimes(secret) });
  await story.tell({
    ...reply,
    to: caseAddress(second),
    body: `Embargod: ${second} clear-ok\r\n\r\n${manyTimes(secret)}`,
  });
  const returnPath = story.mailFor(alice.address)[0]?.from ?? '';
  await post(
    '',
    returnPath,
    `From: MAILER-DAEMON@debian.example\r\nSubject: ${utf8(secret.word)}\r\n\r\n${utf8(manyTimes(secret))}\r\n`,
  );
  const [held = '', other = ''] = await story.inbox('held');
  await story.order({ kind: 'held-pass', id: held, reason: secret.word });
  await story.order({ kind: 'held-refuse', id: other, reason: secret.word });
  const [task] = await story.query(`SELECT id FROM obligations WHERE kind = 'repair-delivery'`);
  await story.order({ kind: 'obligation-settle', id: String(task?.id), ending: secret.word });
  await story.order({ kind: 'journal-verify' });
  await story.settle();
}

/** Sealed with its key inside, in clear, sealed without a signature, untagged, and sealed to somebody else. */
async function reports(robin: Person): Promise<readonly string[]> {
  const told = manyTimes(secret);
  const report = multipart('mixed', [
    crlf('Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit', '', utf8(told)),
    attachment(`${secret.word}.txt`.replace('ü', 'u'), Buffer.from(told)),
    attachment('packed.gz', gzipSync(told)),
  ]);
  const hidden = utf8(crlf(`From: ${secret.word} <${robin.address}>`, `Subject: ${secret.word} overflows`));
  const key = attachment('k.asc', bytes(await story.publicKey(robin)), 'application/pgp-keys');
  const seal = (content: string, signer?: Person) => story.sealTo('linux-distros', bytes(content), signer);
  const stranger = await story.person('Nobody', 'nobody@mail.example', 'ed25519');
  const foreign = Buffer.from(await story.gpg.encrypt(told, [stranger.fingerprint], ['--armor'])).toString();
  const rita = { ...robin, address: 'rita@researcher.example', name: 'Rita' };
  return [
    encryptedMail(
      'pinned',
      robin,
      await seal(`${hidden}${multipart('mixed', [report, key], '', 'outer')}`, robin),
    ),
    `${head('clear', rita, `[vs] ${utf8(secret.word)} overflows`)}${report}`,
    encryptedMail('sealed', rita, await seal(`${hidden}${report}`)),
    `${head('held', robin, `${utf8(secret.word)} untagged`)}${report}`,
    encryptedMail('unopenable', robin, foreign, `${utf8(secret.word)} for somebody else`),
  ];
}

async function post(from: string, to: string, raw: string): Promise<void> {
  assert.match(await story.send({ from, to: [to], raw: bytes(raw) }), /^250 /);
  await story.settle();
}

test(
  'the story went as told: copies, an answer in clear, a bounce, held mail passed and refused',
  limit,
  async () => {
    const rows = await story.query('SELECT DISTINCT kind, state FROM outbox ORDER BY kind, state');
    const kinds = rows.map(({ kind, state }) => `${kind} ${state}`);
    for (const wanted of ['copy sent', 'notice sent', 'permitted sent'])
      assert.ok(kinds.includes(wanted), `${wanted}: ${kinds}`);
    const clear = story
      .mailFor('rita@researcher.example')
      .filter(({ raw }) => secret.findIn(bytes(raw)).length > 0);
    assert.ok(clear.length > 0, 'the word did leave, in clear, where it was allowed to');
    const kindsToo = await story.query(`SELECT DISTINCT kind FROM journal`);
    const events = kindsToo.map(({ kind }) => kind);
    for (const wanted of [
      'message-held',
      'held-mail-settled',
      'bounce-received',
      'guest-added',
      'sent-in-clear',
      'obligation-settled',
    ])
      assert.ok(events.includes(wanted), wanted);
  },
);

test('the tap hears every process, both ways, and no connection passes it by', limit, async () => {
  const heard = tap.heard();
  const pairs = new Set(
    heard.map(({ role, database }) => `${role} ${database.endsWith('_private') ? 'private' : 'public'}`),
  );
  for (const role of [
    'intake private',
    'keyholder private',
    'keyholder public',
    'sender private',
    'operator private',
  ])
    assert.ok(pairs.has(`embargod_${role}`), `${role}: ${[...pairs]}`);
  const open = await story.query(
    `SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname LIKE $1 AND usename <> 'postgres' AND backend_type = 'client backend'`,
    [story.databases.names.privateDatabase.replace('private', '%')],
  );
  assert.ok(heard.length >= Number(open[0]?.count) && heard.length > 4);
  const sealed = await story.query('SELECT sealed FROM inbox ORDER BY received_at LIMIT 1');
  const bytesOfRow = sealed[0]?.sealed;
  assert.ok(Buffer.isBuffer(bytesOfRow));
  assert.ok(
    found(heard, (some) => (some.includes(bytesOfRow.subarray(0, 64)) ? ['row'] : [])).length > 0,
    'a sealed row passed by',
  );
});

test('the word passes in no dress and no wrapping', limit, () => {
  assert.deepEqual(found(tap.heard(), secret.findIn), []);
});

test(
  'the search would have found it: each dress, in a parameter, in a row, packed and printed',
  limit,
  async () => {
    const planted = makeCanary();
    const client = new Client(story.databases.as('keyholder'));
    await client.connect();
    const packings: Readonly<Record<string, (dress: Buffer) => Buffer>> = {
      plain: (dress) => dress,
      gzip: (dress) => gzipSync(dress),
      zlib: (dress) => deflateSync(dress),
      'base64 of gzip': (dress) => Buffer.from(gzipSync(dress).toString('base64')),
    };
    try {
      for (const [name, dress] of planted.dresses) {
        for (const [packing, pack] of Object.entries(packings)) {
          const heardBefore = lengthsOf(tap.heard());
          await client.query(`SELECT $1::bytea AS found, 'x'::text AS other`, [
            pack(Buffer.concat([Buffer.from('<'), dress])),
          ]);
          const news = since(tap.heard(), heardBefore);
          const both = [found(news, planted.findIn, 'said'), found(news, planted.findIn, 'answered')];
          for (const one of both)
            assert.ok(
              one.some((path) => path.endsWith(name)),
              `${name}, ${packing}: ${one}`,
            );
        }
      }
    } finally {
      await client.end();
    }
  },
);

function found(
  heard: readonly Heard[],
  find: (some: Buffer) => readonly string[],
  way?: 'said' | 'answered',
): readonly string[] {
  const ways = way === undefined ? (['said', 'answered'] as const) : [way];
  return heard.flatMap((one) =>
    ways.flatMap((direction) =>
      findUnwrapped(one[direction], find).map((path) => `${one.role} ${direction}: ${path}`),
    ),
  );
}

function lengthsOf(heard: readonly Heard[]) {
  return heard.map(({ said, answered }) => ({ said: said.length, answered: answered.length }));
}

function since(heard: readonly Heard[], before: ReturnType<typeof lengthsOf>): readonly Heard[] {
  return heard.map((one, index) => ({
    ...one,
    said: one.said.subarray(before[index]?.said ?? 0),
    answered: one.answered.subarray(before[index]?.answered ?? 0),
  }));
}
