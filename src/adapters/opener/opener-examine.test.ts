import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tools } from '../../../test/fixtures/mail/opening-bench.ts';
import { mail, outerHead } from '../../../test/fixtures/mail/pgp-mail.ts';
import { socketPair } from '../../../test/stand-ins/socket-pair.ts';
import type { OpeningTask } from '../../message/open/opened.ts';
import { instantFromMilliseconds } from '../../time/instant.ts';
import { type Packet, packetTag, readPackets } from '../openpgp/packets.ts';
import { generateKey } from '../openpgp/private/generate-key.ts';
import { writeFrame } from './frame.ts';
import { openerClient } from './opener-client.ts';
import { serveOpener } from './serve-opener.ts';

const task: OpeningTask = {
  raw: mail([...outerHead, 'Content-Type: text/plain', '', 'Hello from a reporter.', '']),
  listKeyIds: ['0123456789ABCDEF'],
  certificates: [],
  now: instantFromMilliseconds(1_795_000_000_000),
};
const askNothing = async () => undefined;
const share = { tasks: 1_000, spent: () => false };
const patient = { perMail: 20_000, perCertificate: 20_000, forChild: 20_000 };

async function examinable(): Promise<Uint8Array> {
  const made = await generateKey({ name: 'reader' }, instantFromMilliseconds(1_790_000_000_000));
  return made.key.certificate.bytes;
}

test('certificates are read in the child, in turn with mail', async (context) => {
  const [near, far] = await socketPair(context);
  const served = serveOpener(far, tools, share);
  const client = openerClient(near, patient);
  const bytes = await examinable();
  const [mailed, examined] = await Promise.all([
    client.open(task, askNothing),
    client.examine(bytes, task.now),
  ]);
  assert.ok(!('kind' in mailed));
  assert.deepEqual(examined, await tools.examine(bytes, task.now));
  assert.deepEqual(await client.examine(bytesOfText('no certificate'), task.now), []);
  client.close();
  await served;
});

test('of a certificate only its own word is asked for, and comes', async (context) => {
  const [near, far] = await socketPair(context);
  const served = serveOpener(far, tools, share);
  const client = openerClient(near, patient);
  const bytes = await examinable();
  const packetsOf = (one: Uint8Array) => readPackets(one, 100).packets;
  const certifies = ({ tag, body }: Packet) => tag === packetTag.signature && (body?.[1] ?? 0) >> 4 === 1;
  const stranger = packetsOf(await examinable()).filter(certifies);
  // Behind what the owner signed of the user id, what somebody else signed of another.
  const flooded = Buffer.concat(
    packetsOf(bytes).flatMap((packet) =>
      [packet, ...(certifies(packet) ? stranger : [])].map(({ raw }) => raw),
    ),
  );
  const [own] = await client.examine(flooded, task.now, 'own-word');
  const [whole] = await client.examine(flooded, task.now);
  assert.deepEqual(own?.certificate.bytes, bytes);
  assert.ok((whole?.certificate.bytes.length ?? 0) > bytes.length);
  client.close();
  await served;
});

test('a certificate that ends every child is unreadable; the next child goes on', async (context) => {
  const client = openerClient(undefined, patient);
  const examined = client.examine(await examinable(), task.now);
  for (let turn = 0; turn < 2; turn += 1) {
    const [near, far] = await socketPair(context);
    const ended = new Promise((resolve) => near.once('close', resolve));
    far.once('data', () => far.destroy());
    client.setSocket(near);
    await ended;
  }
  assert.deepEqual(await examined, []);
  const [near, far] = await socketPair(context);
  client.setSocket(near);
  const served = serveOpener(far, tools, share);
  assert.ok(!('kind' in (await client.open(task, askNothing))));
  client.close();
  await served;
});

test('without a child nobody’s certificate is called bad', async () => {
  const client = openerClient(undefined, { ...patient, forChild: 50 });
  await assert.rejects(client.examine(await examinable(), task.now), { code: 'no-opener' });
});

for (const said of [{ kind: 'examined', certificates: [{ use: { kind: 'usable' } }] }, { kind: 'ask' }]) {
  test(`a child taken over is not believed about a certificate: ${said.kind}`, async (context) => {
    const client = openerClient(undefined, patient);
    const examined = client.examine(await examinable(), task.now);
    for (let turn = 0; turn < 2; turn += 1) {
      const [near, far] = await socketPair(context);
      const ended = new Promise((resolve) => near.once('close', resolve));
      client.setSocket(near);
      await writeFrame(far, { ...said, last: false });
      await ended;
    }
    assert.deepEqual(await examined, []);
  });
}

function bytesOfText(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
