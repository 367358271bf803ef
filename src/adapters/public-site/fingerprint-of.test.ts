import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateKey } from 'openpgp';
import { fingerprintOf } from './fingerprint-of.ts';

for (const options of [
  { type: 'curve25519', format: 'armored' },
  { type: 'ecc', curve: 'ed25519Legacy', format: 'armored' },
  { type: 'rsa', rsaBits: 2048, format: 'armored' },
] as const) {
  test(`the fingerprint shown for a ${options.type} key is the one that OpenPGP software shows`, async () => {
    const { publicKey } = await generateKey({ ...options, userIDs: [{ name: 'list' }] });
    const { readKey } = await import('openpgp');
    const key = await readKey({ armoredKey: publicKey });
    assert.equal(fingerprintOf(publicKey), key.getFingerprint().toUpperCase());
  });
}

test('what is no certificate has no fingerprint', () => {
  for (const text of [
    '',
    'hello',
    '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----',
  ])
    assert.equal(fingerprintOf(text), undefined);
});
