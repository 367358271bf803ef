/**
 * The whole main job in one process (B6): real PostgreSQL, real SMTP on both sides, a real keyring, the process mains
 * with a clock that the story moves. Only the child is in process (`openInProcess`); kill tests use real processes.
 */
import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { htmlToText } from '../../src/adapters/mime/html-to-text.ts';
import { openInProcess } from '../../src/adapters/opener/open-in-process.ts';
import { examineCertificates } from '../../src/adapters/openpgp/examine-certificates.ts';
import { openKeyring } from '../../src/adapters/openpgp/keyring/keyring.ts';
import { openingTools } from '../../src/adapters/openpgp/opening-tools.ts';
import {
  generateOperatorKey,
  openAnswer,
  sealRequest,
} from '../../src/adapters/openpgp/operator-key/operator-mail.ts';
import { generateKey } from '../../src/adapters/openpgp/private/generate-key.ts';
import { openAtRest } from '../../src/adapters/openpgp/private/open-at-rest.ts';
import { createDoorSealer } from '../../src/adapters/openpgp/seal-at-door.ts';
import { createSenderSealer } from '../../src/adapters/openpgp/seal-to-sender.ts';
import { openInboxStore } from '../../src/adapters/postgres/inbox-store.ts';
import { openOperatorStore } from '../../src/adapters/postgres/operator-store.ts';
import { openOutboxStore } from '../../src/adapters/postgres/outbox-store.ts';
import { openPrivateStore } from '../../src/adapters/postgres/private-store.ts';
import { openPublicRecordStore } from '../../src/adapters/postgres/public-store.ts';
import { verifyStatement } from '../../src/adapters/statement/verify-statement.ts';
import type { Opened, Unopenable } from '../../src/message/open/opened.ts';
import type { Answer, Request } from '../../src/message/requests/request.ts';
import { startIntake } from '../../src/run/intake.ts';
import { journalGuard } from '../../src/run/keyholder/journal-guard.ts';
import { keysOfKeyring } from '../../src/run/keyholder/keys-of-keyring.ts';
import { machineTools } from '../../src/run/keyholder/machine-tools.ts';
import { operatorDoor } from '../../src/run/keyholder/operator-door.ts';
import { publicDoor } from '../../src/run/keyholder/public-door.ts';
import { startKeyholder } from '../../src/run/keyholder/start-keyholder.ts';
import { readAnswer, writeRequest } from '../../src/run/read-request.ts';
import { requestToSign } from '../../src/run/request-to-sign.ts';
import { startSender } from '../../src/run/sender.ts';
import { type Duration, type Instant, instantFromMilliseconds } from '../../src/time/instant.ts';
import { type DatabasePair, databasePair } from './database-pair.ts';
import { type MailSink, type MailSinkOptions, type SunkMail, startMailSink } from './mail-sink.ts';
import { dial } from './smtp-client.ts';

export const listDomain = 'lists.example.org';

export type Sending = Readonly<{ from: string; to: readonly string[]; raw: Uint8Array | string }>;

export type RunningList = Readonly<{
  directory: string;
  databases: DatabasePair;
  sink: MailSink;
  now: () => Instant;
  /** Moves the story's clock; nothing happens until `settle`. */
  pass: (duration: Duration) => void;
  /** Gives a request as the operator does, signed and sealed (P7), and has it executed. */
  ask: (request: Request) => Promise<Answer>;
  /** `ask`, and fails the test when it is refused. */
  order: (request: Request) => Promise<Answer & { kind: 'done' }>;
  /** Speaks SMTP to intake; the reply to the final dot, or the first refusal. */
  send: (mail: Sending) => Promise<string>;
  /** The keyholder works until nothing waits, then sender until nothing is due. */
  settle: () => Promise<void>;
  /** A keyholder that reads everything anew, as after a restart. */
  restartKeyholder: () => Promise<void>;
  /** Public half of the key that it signs rows with. */
  keyholderPin: Uint8Array;
  /** The operator's certificate, and the file of its key (P7). */
  operatorPin: Uint8Array;
  operatorKey: Uint8Array;
  /** What the relay took for one address, in order. */
  mailFor: (address: string) => readonly SunkMail[];
  /** As superuser, for looking. */
  query: (sql: string, values?: readonly unknown[]) => Promise<readonly Record<string, unknown>[]>;
  smtpPort: number;
  lmtpPort: number;
  log: readonly string[];
  close: () => Promise<void>;
}>;

export type RunningListOptions = Readonly<{
  /** Told what the child made of each mail. */
  onOpened?: (opened: Opened | Unopenable) => void;
  sink?: MailSinkOptions;
  /** Settings of the two databases for this story, before anything connects to them. */
  prepare?: (databases: DatabasePair) => Promise<void>;
  /** What stands between our processes and their databases: a tap. */
  between?: (databases: DatabasePair) => DatabasePair;
  /** A keyholder's folder to begin with, as another list left it: for a twin of that list, with its rows. */
  keyholder?: string;
  /** What SPF, DKIM and DMARC say; absent: not checked. */
  resolver?: Parameters<typeof startIntake>[0]['resolver'];
}>;

/** The story's clock runs with the machine's, as gpg's does, ahead of it by what has been let pass. */
export async function runningList(options: RunningListOptions = {}): Promise<RunningList> {
  const directory = await mkdtemp(join(tmpdir(), 'list-'));
  const pair = await databasePair();
  await options.prepare?.(pair);
  const databases = options.between?.(pair) ?? pair;
  const sink = await startMailSink(options.sink);
  let passed = 0;
  const clock = () => instantFromMilliseconds(Date.now() + passed);
  const log: string[] = [];
  const say = (event: string, fields?: unknown) => log.push(`${event} ${JSON.stringify(fields ?? {})}`);
  const quietLog = { debug: say, info: say, warn: say, error: say, setLevel: () => {} };
  const keys = {
    directory: join(directory, 'keyholder'),
    passphrase: undefined,
    unprotected: true,
    demo: false,
    now: clock(),
  };
  if (options.keyholder !== undefined) await cp(options.keyholder, keys.directory, { recursive: true });
  const keyring = await openKeyring(keys);
  const operator = await generateOperatorKey(clock());
  const { key: senderKey } = await generateKey({ name: 'embargod sender' }, clock());
  const store = openPrivateStore(databases.as('keyholder'));
  const records = openPublicRecordStore(databases.as('keyholder', 'public'));
  const operatorStore = openOperatorStore(databases.as('operator'));
  const inbox = openInboxStore({ private: databases.as('intake'), public: databases.as('intake', 'public') });
  const outbox = openOutboxStore(databases.as('sender'));
  const superuser = new Client(databases.superuser('private'));
  await superuser.connect();
  const verify = (bytes: Uint8Array, signature: Uint8Array) =>
    verifyStatement(keyring.statement.publicKey, bytes, signature);
  const open = openInProcess({ ...openingTools, htmlToText });
  const tools: Parameters<typeof startKeyholder>[0] = {
    ...machineTools,
    domain: listDomain,
    store,
    keys: keysOfKeyring(keyring, examineCertificates),
    open: async (task, askSessionKey) => {
      const opened = await open(task, askSessionKey);
      options.onOpened?.(opened);
      return opened;
    },
    sealToSender: createSenderSealer(senderKey.certificate.bytes),
    examine: examineCertificates,
    operator: operatorDoor(keyring, operator.key.certificate, clock),
    publicDoor: publicDoor(records.handOver, clock),
    guard: journalGuard(join(directory, 'keyholder', 'journal-head')),
    clock,
    log: (_, event, fields) => say(event, fields),
  };
  let keyholder = await startKeyholder(tools);
  const here = { host: '127.0.0.1', port: 0 };
  const intake = await startIntake({
    smtp: [here],
    lmtp: [here],
    domain: listDomain,
    hostName: listDomain,
    store: inbox,
    sealAtDoor: createDoorSealer(),
    verify,
    clock,
    newId: randomUUID,
    log: quietLog,
    resolver: options.resolver,
  });
  const sender = startSender({
    store: outbox,
    relay: { host: '127.0.0.1', port: sink.port, tls: 'none', hostName: listDomain },
    domain: listDomain,
    verify,
    openSealed: (sealed) => openAtRest(sealed, senderKey),
    retry: { first: 60_000, longest: 3_600_000, giveUpAfter: 5 * 86_400_000 },
    clock,
    chance: () => 0.5,
    log: quietLog,
  });
  const query: RunningList['query'] = async (sql, values = []) =>
    (await superuser.query(sql, [...values])).rows;
  const settle = async () => {
    await keyholder.drain();
    await nothingDue(query, clock);
    // What could not be delivered becomes the administrators' task, which is mail again.
    await keyholder.drain();
    await nothingDue(query, clock);
  };
  const ask: RunningList['ask'] = async (request) => {
    const id = randomUUID();
    const sealed = await sealRequest({
      request: writeRequest(id, await requestToSign(request)),
      keyholder: keyring.requestCertificate,
      key: operator.key,
      now: clock(),
    });
    const before = await answeredRequests(query);
    const asked = operatorStore.ask({ id, sealed }, 30_000);
    const [reply] = await Promise.all([asked, drainUntilAnswered(query, () => keyholder.drain(), before)]);
    if (reply.kind === 'no-answer') throw new Error('The keyholder gave no answer.');
    const opened = await openAnswer({
      sealed: reply.answer,
      key: operator.key,
      keyholder: keyring.requestCertificate,
      now: clock(),
    });
    const answer = readAnswer(id, opened.bytes);
    if (!answer || answer === 'other') throw new Error('The answer cannot be read.');
    return answer;
  };
  const [smtp] = intake.smtp;
  const [lmtp] = intake.lmtp;
  return {
    directory,
    databases,
    sink,
    now: clock,
    pass: (duration) => {
      passed += duration;
    },
    ask,
    order: async (request) => {
      const answer = await ask(request);
      if (answer.kind === 'refused') throw new Error(answer.reason);
      return answer;
    },
    send: async (mail) => {
      const reply = await sendMail(smtp?.port ?? 0, mail);
      // Which story expects it, its test says; of the others the reason would be lost with the story.
      if (reply.startsWith('4')) process.stderr.write(`${reply}: ${log.slice(-5).join(', ')}\n`);
      return reply;
    },
    settle,
    restartKeyholder: async () => {
      keyholder = await startKeyholder(tools);
    },
    keyholderPin: keyring.statement.publicKey,
    operatorPin: operator.key.certificate.bytes,
    operatorKey: operator.secret,
    mailFor: (address) => sink.mails().filter((mail) => mail.recipient === address),
    query,
    smtpPort: smtp?.port ?? 0,
    lmtpPort: lmtp?.port ?? 0,
    log,
    close: async () => {
      await Promise.all([intake.stop(), sender.stop()]);
      await sink.close();
      await superuser.end();
      await Promise.all([
        store.close(),
        records.close(),
        operatorStore.close(),
        inbox.close(),
        outbox.close(),
      ]);
      await databases.drop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

type Query = RunningList['query'];

/** The sender works by itself; the story goes on when it has nothing left that is due. */
async function nothingDue(query: Query, clock: () => Instant): Promise<void> {
  const due = `SELECT count(*)::int AS count FROM outbox WHERE state IN ('queued', 'deferred') AND next_at <= $1`;
  // What came due by the story's clock has rung no bell.
  await query('NOTIFY embargod_sender');
  while (Number((await query(due, [new Date(clock())]))[0]?.count) > 0) await query('SELECT pg_sleep(0.01)');
}

async function drainUntilAnswered(query: Query, drain: () => Promise<void>, before: number): Promise<void> {
  do await drain();
  while ((await answeredRequests(query)) <= before);
}

async function answeredRequests(query: Query): Promise<number> {
  const [row] = await query(`SELECT count(*)::int AS count FROM requests WHERE state <> 'waiting'`);
  return Number(row?.count);
}

async function sendMail(port: number, { from, to, raw }: Sending): Promise<string> {
  const client = await dial(port);
  try {
    await client.say('EHLO client.example');
    for (const line of [`MAIL FROM:<${from}>`, ...to.map((one) => `RCPT TO:<${one}>`), 'DATA']) {
      const reply = await client.say(line);
      if (!/^[23]/.test(reply)) return reply;
    }
    const text = Buffer.from(raw).toString('latin1').replace(/\r?\n/g, '\r\n').replace(/^\./gm, '..');
    client.send(Buffer.from(`${text}${text.endsWith('\r\n') ? '' : '\r\n'}.\r\n`, 'latin1'));
    return await client.hear();
  } finally {
    client.close();
  }
}
