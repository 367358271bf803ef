import assert from 'node:assert/strict';
import { test } from 'node:test';
import { certificateOf, noon } from '../../../test/stand-ins/community.ts';
import { makeKnowledge } from '../../../test/stand-ins/desk.ts';
import { readSessionKey, writeSessionKey } from './session-key-text.ts';
import { verificationCertificates } from './verification-certificates.ts';

test('a session key comes back out of its home packet, bytes that look like a blank included', () => {
  for (const algorithm of ['aes128', 'aes192', 'aes256'] as const) {
    const read = readSessionKey(writeSessionKey({ algorithm, bytes: new Uint8Array(32).fill(0x20) }));
    assert.equal(read.algorithm, algorithm);
    assert.deepEqual([...read.bytes], Array(32).fill(0x20));
  }
});

test('a home packet of no algorithm of ours is refused', () => {
  for (const text of ['', 'aes512 x', 'x']) assert.throws(() => readSessionKey(Buffer.from(text)));
});

test('signatures are checked with everybody we know in any standing, each certificate as it is now', () => {
  const renewed = certificateOf('bob', 2);
  const knowledge = makeKnowledge([
    { kind: 'representative-suspended', representative: 'alice' },
    { kind: 'certificate-added', representative: 'bob', certificate: renewed, effectiveFrom: noon },
  ]);
  const all = verificationCertificates(knowledge, [certificateOf('distros')]);
  assert.ok(all.some((one) => one.fingerprint === certificateOf('alice').fingerprint));
  assert.ok(all.some((one) => one.fingerprint === certificateOf('distros').fingerprint));
  assert.deepEqual(
    all.filter((one) => one.fingerprint === renewed.fingerprint),
    [renewed],
  );
});
