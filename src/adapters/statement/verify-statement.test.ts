import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { test } from 'node:test';
import { verifyStatement } from './verify-statement.ts';

test('only the keyholder’s own word over exactly these bytes counts; malformed ones are false, not errors', () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32);
  const other = createPublicKey(generateKeyPairSync('ed25519').privateKey)
    .export({ format: 'der', type: 'spki' })
    .subarray(-32);
  const bytes = Buffer.from('row');
  const signature = sign(undefined, bytes, privateKey);
  assert.equal(verifyStatement(publicKey, bytes, signature), true);
  assert.equal(verifyStatement(publicKey, Buffer.from('raw'), signature), false);
  assert.equal(verifyStatement(other, bytes, signature), false);
  assert.equal(verifyStatement(publicKey, bytes, signature.subarray(1)), false);
  assert.equal(verifyStatement(new Uint8Array(3), bytes, signature), false);
  assert.equal(verifyStatement(new Uint8Array(32), bytes, new Uint8Array(64)), false);
});
