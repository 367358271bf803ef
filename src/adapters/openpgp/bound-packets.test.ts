import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { instantFromMilliseconds } from '../../time/instant.ts';
import { maximumListedPackets } from './bound-packets.ts';
import { encryptBody, literalHeader } from './integrity-protected.ts';
import { openBody } from './open-body.ts';
import { packetTag, writePacket } from './packets.ts';
import { findCertificates } from './read-certificates.ts';
import { freshSessionKey } from './session-key.ts';
import { verifyDetached } from './verify-detached.ts';

const now = instantFromMilliseconds(Date.UTC(2026, 10, 23));
/** Unknown and to be ignored (RFC 9580 §4.3), markers, padding: nothing of it is a fault of grammar. */
const fillers = { unknown: [0xe8, 0], marker: [0xca, 3, 0x50, 0x47, 0x50], padding: [0xd5, 0] } as const;
const text = Buffer.from('text');
const literal = Buffer.concat([literalHeader(text.length), text]);

function flood(filler: readonly number[], count: number): Buffer {
  return Buffer.concat(new Array<Buffer>(count).fill(Buffer.from(filler)));
}

async function opened(packets: Uint8Array): Promise<string> {
  const sessionKey = freshSessionKey();
  const body = encryptBody(sessionKey, [packets]);
  const read = await openBody({ body, sessionKey, certificates: [], now, maximumBytes: 1 << 24 });
  return read.kind === 'opened' ? Buffer.from(read.data).toString() : read.reason;
}

const compressed = (packets: Uint8Array) =>
  writePacket(packetTag.compressed, Uint8Array.of(2), deflateSync(packets));

for (const [name, filler] of Object.entries(fillers)) {
  test(`a few ${name} packets around a text are passed over; a flood of them is too large, compressed too`, async () => {
    assert.equal(await opened(Buffer.concat([flood(filler, 5), literal])), 'text');
    const many = Buffer.concat([flood(filler, maximumListedPackets), literal]);
    assert.equal(await opened(many), 'too-large');
    assert.equal(await opened(compressed(many)), 'too-large');
  });
}

test('a text in more pieces than any program writes is damaged', async () => {
  const pieces = Buffer.concat([Buffer.from([0xcb]), flood([0xe0, 0x62], 200_000), Buffer.from([1, 0])]);
  assert.equal(await opened(pieces), 'damaged');
});

test('only data may come in pieces: a hundred packets of a hundred thousand pieces each would add up', async () => {
  const unknown = Buffer.from([0xe8, 0xe0, 1, 1, 1]);
  assert.equal(await opened(Buffer.concat([unknown, literal])), 'damaged');
  const pieces = Buffer.concat([
    Buffer.from([0xcb, 0xe9]),
    literal.subarray(2),
    Buffer.alloc(502),
    Buffer.from([0]),
  ]);
  assert.match(await opened(pieces), /^text/);
});

test('a flood is no certificate and no signature', async () => {
  const many = flood(fillers.unknown, 2 * maximumListedPackets);
  assert.deepEqual(await findCertificates(many), []);
  const task = { signedBytes: text, signature: many, certificates: [], now };
  assert.notEqual((await verifyDetached(task)).kind, 'valid');
});
