import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { test } from 'node:test';
import { readClock } from '../../src/adapters/clock/clock.ts';
import type { DoorRow, Epoch, InboxRow, Sealed } from '../../src/message/ports.ts';
import { splitEnvelope } from '../../src/message/receive/envelope.ts';
import { startIntake } from '../../src/run/intake.ts';
import { mailResolver } from '../../src/run/mail-resolver.ts';
import { keyholderWord } from '../stand-ins/keyholder-word.ts';
import { dial, sendMail } from '../stand-ins/smtp-client.ts';

/** A name server that never answers, one that is not there, and one that answers nonsense: mail is taken all the same. */
const limit = { timeout: 60_000 };
const word = keyholderWord();
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

type NameServer = Readonly<{ port: number; close: () => Promise<void> }>;

async function nameServer(answer: (question: Buffer) => Buffer | undefined): Promise<NameServer> {
  const socket = createSocket('udp4');
  socket.on('message', (question, from) => {
    const reply = answer(question);
    if (reply) socket.send(reply, from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    port: socket.address().port,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

/** A port that was free a moment ago: nobody answers, and the kernel says so. */
async function nobody(): Promise<NameServer> {
  const { port, close } = await nameServer(() => undefined);
  await close();
  return { port, close: async () => undefined };
}

/** RFC 1035 §4.1.1: an answer with that response code and no records. */
function withCode(code: number): (question: Buffer) => Buffer {
  return (question) => {
    const reply = Buffer.from(question);
    reply.writeUInt16BE(0x8000 | code, 2);
    return reply;
  };
}

async function envelopeOfReport(port: number) {
  const rows: InboxRow[] = [];
  const door: DoorRow = word.door({
    list: 'linux-distros',
    kind: 'private',
    storageCertificate: Buffer.from('certificate'),
    epoch: '2026-11' as Epoch,
  });
  const intake = await startIntake({
    smtp: [{ host: '127.0.0.1', port: 0 }],
    lmtp: [],
    domain: 'lists.example',
    hostName: 'mail.lists.example',
    store: {
      insertPrivate: async (row) => void rows.push(row),
      insertPublic: async () => undefined,
      doors: async () => [door],
    },
    sealAtDoor: async (bytes) => bytes.slice() as Sealed,
    verify: word.verify,
    clock: readClock,
    newId: randomUUID,
    log: silent,
    resolver: mailResolver({ resolver: { host: '127.0.0.1', port } }),
  });
  try {
    const client = await dial(intake.smtp[0]?.port ?? 0);
    await client.say('EHLO client.example');
    const raw = 'From: alice@example.org\r\nSubject: [vs] x\r\n\r\nx\r\n';
    const replies = await sendMail(client, {
      from: 'alice@example.org',
      to: ['linux-distros@lists.example'],
      raw,
    });
    client.close();
    assert.match(replies.at(-1) ?? '', /^250 /);
    const [row] = rows;
    assert.ok(row && rows.length === 1);
    return splitEnvelope(row.sealed).envelope;
  } finally {
    await intake.stop();
  }
}

const troubles: Readonly<Record<string, () => Promise<NameServer>>> = {
  'never answers': () => nameServer(() => undefined),
  'is not there': nobody,
  'fails (SERVFAIL)': () => nameServer(withCode(2)),
  'refuses (REFUSED)': () => nameServer(withCode(5)),
  'answers nonsense': () => nameServer(() => Buffer.from('nonsense')),
};

for (const [what, start] of Object.entries(troubles)) {
  test(`the name server ${what}: the report is taken, and nobody vouches for its sender`, limit, async () => {
    const server = await start();
    const { authentication } = await envelopeOfReport(server.port);
    await server.close();
    assert.equal(authentication.aligned, false);
    assert.equal(authentication.spf, 'temperror');
    assert.notEqual(authentication.dmarc, 'pass');
    assert.deepEqual(authentication.dkim, []);
  });
}
