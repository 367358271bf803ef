import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { test } from 'node:test';
import { statementVerifier, verifyStatement } from './verify-statement.ts';

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

test('what was found genuine is genuine again, and nothing that differs in one byte passes for it', () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32);
  const verify = statementVerifier(publicKey);
  const bytes = Buffer.from('reader 1 may read');
  const signature = sign(undefined, bytes, privateKey);
  for (const _ of ['first', 'remembered']) assert.equal(verify(bytes, signature), true);
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    for (const _ of ['first', 'again']) assert.equal(verify(changed, signature), false);
  }
  for (let at = 0; at < signature.length; at += 1) {
    const changed = Buffer.from(signature);
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.equal(verify(bytes, changed), false);
  }
  // Bytes that move from one to the other would join to the same.
  assert.equal(verify(Buffer.concat([signature.subarray(-1), bytes]), signature.subarray(0, -1)), false);
});
