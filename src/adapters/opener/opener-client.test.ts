import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { startChild, tools } from '../../../test/fixtures/mail/opening-bench.ts';
import { mail, outerHead } from '../../../test/fixtures/mail/pgp-mail.ts';
import { socketPair } from '../../../test/stand-ins/socket-pair.ts';
import { openMail } from '../../message/open/open-mail.ts';
import type { OpeningTask } from '../../message/open/opened.ts';
import { instantFromMilliseconds } from '../../time/instant.ts';
import { encodeFrame, readFrames, writeFrame } from './frame.ts';
import { openInProcess } from './open-in-process.ts';
import { openerClient } from './opener-client.ts';
import { serveOpener } from './serve-opener.ts';

const clear = mail([...outerHead, 'Content-Type: text/plain', '', 'Hello from a reporter.', '']);
const task: OpeningTask = {
  raw: clear,
  listKeyIds: ['0123456789ABCDEF'],
  certificates: [],
  now: instantFromMilliseconds(1_795_000_000_000),
};
const askNothing = async () => undefined;
const share = { tasks: 1_000, spent: () => false };
const patient = { perMail: 20_000, perCertificate: 20_000, forChild: 20_000 };

test('what the child gives is what opening in one process gives', async (context) => {
  const [near, far] = await socketPair(context);
  const served = serveOpener(far, tools, share);
  const client = openerClient(near, patient);
  const direct = await openInProcess(tools)(task, askNothing);
  assert.ok(!('kind' in direct));
  const { entity, ...rest } = direct;
  const distant = await client.open(task, askNothing);
  assert.ok(!('kind' in distant));
  assert.deepEqual(Buffer.from(distant.entity), Buffer.from(entity));
  assert.deepEqual({ ...distant, entity: undefined }, { ...rest, entity: undefined });
  client.close();
  await served;
});

test('a child that retires after its share is followed by the next one, without a mail lost', async (context) => {
  const client = openerClient(undefined, patient);
  for (let turn = 0; turn < 3; turn += 1) {
    const [near, far] = await socketPair(context);
    const opening = client.open(task, askNothing);
    client.setSocket(near);
    await serveOpener(far, tools, { tasks: 1, spent: () => false });
    assert.ok(!('kind' in (await opening)));
  }
  client.close();
});

test('a child that dies in mid mail: the next one opens it', async (context) => {
  const [near, far] = await socketPair(context);
  const client = openerClient(near, patient);
  const opening = client.open(task, askNothing);
  far.once('data', () => far.destroy());
  await once(near, 'close');
  const [again, other] = await socketPair(context);
  client.setSocket(again);
  const served = serveOpener(other, tools, share);
  assert.ok(!('kind' in (await opening)));
  client.close();
  await served;
});

test('a mail that two children die over: child-failed, and the next child opens the next mail', async (context) => {
  const client = openerClient(undefined, patient);
  const first = client.open(task, askNothing);
  for (let death = 0; death < 2; death += 1) {
    const [near, far] = await socketPair(context);
    client.setSocket(near);
    far.once('data', () => far.destroy());
    await once(near, 'close');
  }
  const failed = await first;
  assert.equal('kind' in failed && failed.reason, 'child-failed');
  const [again, other] = await socketPair(context);
  client.setSocket(again);
  const served = serveOpener(other, tools, share);
  assert.ok(!('kind' in (await client.open(task, askNothing))));
  client.close();
  await served;
});

test('a child killed while idle is noticed: the mail waits for the next one', async (context) => {
  const child = startChild();
  const client = openerClient(child.socket, patient);
  child.kill();
  await child.ended;
  const opening = client.open(task, askNothing);
  const [near, far] = await socketPair(context);
  client.setSocket(near);
  const served = serveOpener(far, tools, share);
  assert.ok(!('kind' in (await opening)));
  client.close();
  await served;
});

test('a child that hangs is given up and reported; without another one the mail is not to blame', async (context) => {
  const [near, far] = await socketPair(context);
  far.resume();
  let reported = 0;
  const client = openerClient(near, { perMail: 50, perCertificate: 50, forChild: 50 }, () => {
    reported += 1;
  });
  const ended = await client.open(task, askNothing);
  assert.equal('kind' in ended && ended.reason, 'child-failed');
  assert.equal(reported, 1);
  await assert.rejects(client.open(task, askNothing), { code: 'no-opener' });
});

test('mails are opened one at a time and in order', async (context) => {
  const [near, far] = await socketPair(context);
  const served = serveOpener(far, tools, share);
  const client = openerClient(near, patient);
  const subjects = Array.from({ length: 20 }, (_, index) => `number ${index}`);
  const opened = await Promise.all(
    subjects.map((subject) =>
      client.open({ ...task, raw: mail([`Subject: ${subject}`, '', 'x']) }, askNothing),
    ),
  );
  assert.deepEqual(
    opened.map((one) => !('kind' in one) && one.head.subject),
    subjects,
  );
  client.close();
  await served;
});

test('an error of the keyholder’s own while it is asked reaches its caller', async (context) => {
  const [near, far] = await socketPair(context);
  const client = openerClient(near, patient);
  const opening = client.open(task, async () => {
    throw new Error('database gone');
  });
  await writeFrame(far, { kind: 'ask', packets: [{ keyId: '0123456789ABCDEF', bytes: new Uint8Array(8) }] });
  await assert.rejects(opening, /database gone/);
});

const lies: Readonly<Record<string, (honest: Record<string, unknown>) => unknown>> = {
  'an unknown kind': () => ({ kind: 'gift' }),
  'no object': () => 'hello',
  'a field nobody knows': (honest) => ({ ...honest, mail: { ...object(honest.mail), extra: 1 } }),
  'a key that nobody gave': (honest) => ({
    ...honest,
    mail: {
      ...object(honest.mail),
      encryption: { kind: 'pgp-mime', keyId: '0123456789ABCDEF', list: 'linux-distros' },
    },
  }),
  'a signer whose certificate nobody has': (honest) => ({
    ...honest,
    mail: {
      ...object(honest.mail),
      signature: { kind: 'valid', fingerprint: 'A'.repeat(40), signedAt: 0, digest: 'a'.repeat(64) },
    },
  }),
  'a digest of something else': (honest) => ({
    ...honest,
    mail: { ...object(honest.mail), contentDigest: 'a'.repeat(64) },
  }),
  'an address that is none': (honest) => {
    const one = object(honest.mail);
    return {
      ...honest,
      mail: { ...one, head: { ...object(one.head), from: [{ name: null, address: 'x\r\nBcc: y' }] } },
    };
  },
  'a flood of packets': () => ({
    kind: 'ask',
    packets: Array.from({ length: 17 }, () => ({ keyId: '0123456789ABCDEF', bytes: new Uint8Array(1) })),
  }),
};

function object(value: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value ?? {}));
}

test('a child that says the truth is believed (the control of the lies below)', async (context) => {
  const [near, far] = await socketPair(context);
  const client = openerClient(near, patient);
  const opening = client.open(task, askNothing);
  await writeFrame(far, { kind: 'opened', mail: await openMail(task, askNothing, tools), last: false });
  assert.ok(!('kind' in (await opening)));
});

for (const [name, lie] of Object.entries(lies)) {
  test(`a child taken over is not believed: ${name}`, async (context) => {
    const [near, far] = await socketPair(context);
    const client = openerClient(near, patient);
    const honest = await openMail(task, askNothing, tools);
    const opening = client.open(task, askNothing);
    await writeFrame(far, lie({ kind: 'opened', mail: honest, last: false }));
    const ended = await opening;
    assert.equal('kind' in ended && ended.reason, 'child-failed');
  });
}

test('a child that asks without end is cut off', async (context) => {
  const [near, far] = await socketPair(context);
  far.resume();
  let asked = 0;
  const client = openerClient(near, patient);
  const opening = client.open(task, async () => {
    asked += 1;
    return undefined;
  });
  const packets = [{ keyId: '0123456789ABCDEF', bytes: new Uint8Array(1) }];
  for (let turn = 0; turn < 200; turn += 1) {
    await writeFrame(far, { kind: 'ask', packets }).catch(() => undefined);
  }
  const ended = await opening;
  assert.equal('kind' in ended && ended.reason, 'child-failed');
  assert.ok(asked <= 65, `asked ${asked} times`);
});

const badFrames: Readonly<Record<string, readonly Uint8Array[]>> = {
  'a head of four gigabytes': [Buffer.from([0xff, 0xff, 0xff, 0xff])],
  'no JSON': [Buffer.from([0, 0, 0, 3]), Buffer.from('[]\n')],
  'blobs of a terabyte': frame('[1099511627776]\n{}'),
  'a negative blob': frame('[-1]\n{}'),
  'a blob that is not there': frame('[]\n{"$bytes":0}'),
  'deep nesting': frame(`[]\n${'['.repeat(100_000)}${']'.repeat(100_000)}`),
  'an end in the middle': encodeFrame({ a: new Uint8Array(100) }).slice(0, 2),
};

function frame(head: string): readonly Uint8Array[] {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(head.length);
  return [length, Buffer.from(head)];
}

for (const [name, pieces] of Object.entries(badFrames)) {
  test(`a malformed frame is refused: ${name}`, async (context) => {
    const [near, far] = await socketPair(context);
    for (const piece of pieces) far.write(piece);
    far.end();
    await assert.rejects(async () => {
      for await (const value of readFrames(near)) void value;
    });
  });
}

test('a frame carries bytes, long texts, sets and undefined, and may arrive byte by byte', async (context) => {
  const [near, far] = await socketPair(context);
  far.setNoDelay(true);
  const value = {
    bytes: Buffer.from([1, 2, 3]),
    text: 'ü'.repeat(2_000),
    set: new Set(['a']),
    none: undefined,
  };
  const whole = Buffer.concat(encodeFrame(value));
  for (let at = 0; at < whole.length; at += 7) far.write(whole.subarray(at, at + 7));
  far.end();
  const values: unknown[] = [];
  for await (const read of readFrames(near)) values.push(read);
  assert.deepEqual(values, [
    { bytes: Uint8Array.of(1, 2, 3), text: 'ü'.repeat(2_000), set: ['a'], none: null },
  ]);
});
