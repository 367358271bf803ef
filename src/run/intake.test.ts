import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { decrypt, generateKey, readKey, readMessage, readPrivateKey } from 'openpgp';
import { Client } from 'pg';
import { databasePair } from '../../test/stand-ins/database-pair.ts';
import { keyholderWord } from '../../test/stand-ins/keyholder-word.ts';
import { dial, sendMail } from '../../test/stand-ins/smtp-client.ts';
import { readClock } from '../adapters/clock/clock.ts';
import { createDoorSealer } from '../adapters/openpgp/seal-at-door.ts';
import { openInboxStore } from '../adapters/postgres/inbox-store.ts';
import type { DoorRow, Epoch, InboxRow, Sealed } from '../message/ports.ts';
import { splitEnvelope } from '../message/receive/envelope.ts';
import { instantFromMilliseconds, later, minute, second } from '../time/instant.ts';
import { type IntakeParameters, startIntake } from './intake.ts';

const word = keyholderWord();
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

function door(
  list: string,
  kind: 'private' | 'public',
  storageCertificate = Buffer.from('certificate'),
): DoorRow {
  const certificate = kind === 'private' ? storageCertificate : new Uint8Array();
  return word.door({ list, kind, storageCertificate: certificate, epoch: '2026-11' as Epoch });
}

async function startTestIntake(overrides: Partial<IntakeParameters> = {}) {
  const state = {
    now: instantFromMilliseconds(1_795_000_000_000),
    doors: [door('linux-distros', 'private'), door('oss-security', 'public')] as readonly DoorRow[],
    fault: undefined as Error | undefined,
    reads: 0,
    rows: [] as InboxRow[],
    public: [] as Uint8Array[],
  };
  const intake = await startIntake({
    smtp: [{ host: '127.0.0.1', port: 0 }],
    lmtp: [{ host: '127.0.0.1', port: 0 }],
    domain: 'lists.example',
    hostName: 'mail.lists.example',
    store: {
      insertPrivate: async (row) => {
        if (state.fault) throw state.fault;
        state.rows.push(row);
      },
      insertPublic: async ({ raw }) => {
        state.public.push(raw);
      },
      doors: async () => {
        state.reads += 1;
        if (state.fault) throw state.fault;
        return state.doors;
      },
    },
    sealAtDoor: async (bytes) => bytes.slice() as Sealed,
    verify: word.verify,
    clock: () => state.now,
    newId: () => '7f0c',
    log: silent,
    ...overrides,
  });
  return { intake, state, port: intake.smtp[0]?.port ?? 0, lmtpPort: intake.lmtp[0]?.port ?? 0 };
}

const report = {
  from: 'alice@example.org',
  to: ['linux-distros@lists.example'],
  raw: 'Subject: [vs] x\r\n\r\n\x80\r\n',
};

test('a report is answered with our queue id, refused strangers are not told why', async () => {
  const { intake, state, port } = await startTestIntake();
  const client = await dial(port);
  await client.say('EHLO client.example');
  const answers = await sendMail(client, {
    ...report,
    to: ['x@elsewhere.example', 'nobody@lists.example', ...report.to],
  });
  assert.deepEqual(answers, [
    '250 Accepted',
    '550 5.7.1 We take mail for our own lists only',
    '550 5.1.1 No such address here',
    '250 Accepted',
    '354 End data with <CR><LF>.<CR><LF>',
    '250 2.6.0 Accepted as 7f0c',
  ]);
  assert.equal(state.rows.length, 1);
  client.close();
  await intake.stop();
});

test('the dialogue about a case is the same whether it exists or not, and for bounces and held tokens alike (I9)', async () => {
  const { intake, port } = await startTestIntake();
  const transcripts: string[] = [];
  const token = 'b'.repeat(26);
  for (const detail of ['vs-2026-0001', 'vs-2026-9999.team', `bounce-${token}`, `held-${token}`]) {
    const client = await dial(port);
    await client.say('EHLO client.example');
    await sendMail(client, { ...report, to: [`linux-distros+${detail}@lists.example`] });
    transcripts.push(client.transcript().replaceAll(detail, 'DETAIL'));
    client.close();
  }
  assert.equal(new Set(transcripts).size, 1);
  await intake.stop();
});

test('database gone: 451 at the end of the mail, later at RCPT; full disk: 452; back again: 250', async () => {
  const { intake, state, port, lmtpPort } = await startTestIntake();
  const client = await dial(port);
  await client.say('EHLO client.example');
  const last = async () => (await sendMail(client, report)).at(-1)?.slice(0, 9);
  state.fault = Object.assign(new Error('terminating connection, secret detail'), { code: '57P01' });
  assert.equal(await last(), '451 4.3.0');
  state.fault = Object.assign(new Error('could not extend file'), { code: '53100' });
  assert.equal(await last(), '452 4.3.1');
  const relay = await dial(lmtpPort);
  await relay.say('LHLO relay.example');
  const lmtp = await sendMail(relay, { ...report, to: [...report.to, 'oss-security@lists.example'] });
  assert.match(lmtp.at(-1) ?? '', /^452 4\.3\.1/);
  assert.match(await relay.hear(), /^452 4\.3\.1/);
  state.now = later(state.now, 2 * minute);
  await client.say('MAIL FROM:<a@example.org>');
  assert.match(await client.say('RCPT TO:<linux-distros@lists.example>'), /^451 4\.3\.0/);
  await client.say('RSET');
  state.fault = undefined;
  state.now = later(state.now, 2 * second);
  assert.equal(await last(), '250 2.6.0');
  client.close();
  relay.close();
  await intake.stop();
});

test('a new list is known as soon as somebody names it, but strangers cannot make us ask all the time', async () => {
  const { intake, state, port } = await startTestIntake();
  const client = await dial(port);
  await client.say('EHLO client.example');
  await client.say('MAIL FROM:<a@example.org>');
  state.doors = [...state.doors, door('distros', 'private')];
  state.now = later(state.now, 2 * second);
  assert.match(await client.say('RCPT TO:<distros@lists.example>'), /^250/);
  const before = state.reads;
  for (let guess = 0; guess < 5; guess += 1) {
    assert.match(await client.say(`RCPT TO:<guess${guess}@lists.example>`), /^550 5\.1\.1/);
  }
  assert.equal(state.reads, before);
  client.close();
  await intake.stop();
});

test('a door that the keyholder did not sign is no door: 550, and the operator is told', async () => {
  const told: string[] = [];
  const log = {
    ...silent,
    error: (event: string, fields?: object) => told.push(`${event} ${JSON.stringify(fields)}`),
  };
  const { intake, state, port } = await startTestIntake({ log });
  state.doors = [...state.doors, { ...door('forged', 'private'), storageCertificate: Buffer.from('mine') }];
  state.now = later(state.now, 2 * second);
  const client = await dial(port);
  await client.say('EHLO client.example');
  await client.say('MAIL FROM:<a@example.org>');
  assert.match(await client.say('RCPT TO:<forged@lists.example>'), /^550 5\.1\.1/);
  assert.deepEqual(told, ['door-rejected {"list":"forged","code":"signature"}']);
  client.close();
  await intake.stop();
});

test('real PostgreSQL, real OpenPGP: after 250 the mail lies sealed in the inbox, and opens to the same bytes', async () => {
  const pair = await databasePair();
  await pair.startEpoch('2026-11');
  const key = await generateKey({
    type: 'ecc',
    curve: 'curve25519Legacy',
    userIDs: [{ name: 'storage' }],
    format: 'armored',
  });
  const certificate = (await readKey({ armoredKey: key.publicKey })).write();
  const admin = new Client(pair.superuser('private'));
  await admin.connect();
  const row = door('linux-distros', 'private', Buffer.from(certificate));
  await admin.query(
    'INSERT INTO doors (list, kind, storage_certificate, epoch, signature) VALUES ($1, $2, $3, $4, $5)',
    [row.list, row.kind, row.storageCertificate, row.epoch, row.signature],
  );
  const store = openInboxStore({ private: pair.as('intake'), public: pair.as('intake', 'public') });
  const { intake, port } = await startTestIntake({
    store,
    sealAtDoor: createDoorSealer(),
    clock: readClock,
    newId: randomUUID,
  });
  const client = await dial(port);
  await client.say('EHLO client.example');
  const answers = await sendMail(client, report);
  const id = /^250 2\.6\.0 Accepted as ([0-9a-f-]{36})$/.exec(answers.at(-1) ?? '')?.[1];
  assert.ok(id, answers.join('\n'));
  const stored = await admin.query('SELECT * FROM inbox WHERE id = $1', [id]);
  const opened = await decrypt({
    message: await readMessage({ binaryMessage: stored.rows[0].sealed }),
    decryptionKeys: await readPrivateKey({ armoredKey: key.privateKey }),
    format: 'binary',
  });
  const { envelope, raw } = splitEnvelope(opened.data as Uint8Array);
  assert.equal(Buffer.from(raw).toString('utf8'), report.raw);
  assert.deepEqual(envelope.recipients, report.to);
  client.close();
  await intake.stop();
  await store.close();
  await admin.end();
  await pair.drop();
});
