import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { test } from 'node:test';
import { instantFromMilliseconds } from '../../../time/instant.ts';
import { ed25519OfCertificate } from '../ed25519-public.ts';
import { generateOperatorKey } from './operator-mail.ts';
import { signStatement } from './sign-statement.ts';

const now = instantFromMilliseconds(Date.UTC(2026, 10, 24));
const bytes = new TextEncoder().encode('embargod-moderation-1\n{}');

function isGenuine(raw: Uint8Array | undefined, signature: Uint8Array): boolean {
  const x = Buffer.from(raw ?? []).toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return verify(undefined, bytes, key, signature);
}

test('what the operator key’s file signs, its pinned certificate confirms, and no other one does', async () => {
  // Several, as a secret with a leading zero is written shorter.
  for (let round = 0; round < 8; round += 1) {
    const { secret, key } = await generateOperatorKey(now);
    const { key: other } = await generateOperatorKey(now);
    const signature = signStatement(secret, bytes);
    assert.equal(isGenuine(ed25519OfCertificate(key.certificate.bytes), signature), true);
    assert.equal(isGenuine(ed25519OfCertificate(other.certificate.bytes), signature), false);
  }
});

test('a file that holds no key of ours is an error, and a pin that is none has no key', async () => {
  const { secret, key } = await generateOperatorKey(now);
  for (const bad of [new Uint8Array(), key.certificate.bytes, secret.subarray(0, 20)])
    assert.throws(() => signStatement(bad, bytes), { code: 'key-unreadable' });
  for (const bad of [new Uint8Array(), secret, key.certificate.bytes.subarray(0, 30)])
    assert.equal(ed25519OfCertificate(bad), undefined);
});
