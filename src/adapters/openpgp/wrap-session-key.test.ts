import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as openpgp from 'openpgp';
import { instantFromMilliseconds } from '../../time/instant.ts';
import { createCertificateCache } from './certificate-cache.ts';
import { examineCertificates } from './examine-certificates.ts';
import { encryptBody, literalHeader } from './integrity-protected.ts';
import { openpgpConfig } from './openpgp-config.ts';
import { readPacket } from './packets.ts';
import { readPrivateKey } from './private/private-key.ts';
import { sessionKeyFromPackets } from './private/unwrap-session-key.ts';
import { keyIdOf } from './read-encrypted.ts';
import { freshSessionKey } from './session-key.ts';
import { wrapSessionKey } from './wrap-session-key.ts';

const date = new Date(Math.floor(Date.now() / 1000) * 1000);
const now = instantFromMilliseconds(date.getTime());
const kinds = [
  { name: 'cv25519', options: { type: 'ecc', curve: 'curve25519Legacy' } },
  { name: 'X25519', options: { type: 'curve25519' } },
  { name: 'X448', options: { type: 'curve448' } },
  { name: 'P-256', options: { type: 'ecc', curve: 'nistP256' } },
  { name: 'P-521', options: { type: 'ecc', curve: 'nistP521' } },
  { name: 'RSA-2048', options: { type: 'rsa', rsaBits: 2048 } },
] as const;

for (const { name, options } of kinds) {
  test(`${name}: openpgp.js opens our packets, and we open its`, async () => {
    const config = openpgpConfig;
    const userIDs = [{ name: 'reader' }];
    const pair = await openpgp.generateKey({ ...options, userIDs, date, format: 'object', config });
    const { encryptionKeys } = await createCertificateCache(examineCertificates).assess(
      pair.publicKey.write(),
      now,
    );
    assert.ok(encryptionKeys[0]);
    // Often enough to meet numbers with leading zeros, which are written shorter.
    const rounds = name === 'RSA-2048' || name === 'P-521' ? 40 : 300;
    const own = await readPrivateKey(pair.privateKey.write());
    for (let round = 0; round < rounds; round++) {
      const sessionKey = freshSessionKey();
      const bytes = wrapSessionKey(encryptionKeys[0], sessionKey);
      const packet = readPacket(bytes, 0);
      assert.ok(packet);
      const found = sessionKeyFromPackets([{ keyId: keyIdOf(packet) ?? '', bytes }], own.decryptionKeys);
      assert.deepEqual(Buffer.from(found?.sessionKey.bytes ?? []), Buffer.from(sessionKey.bytes));
    }

    const content = Buffer.from('content');
    const sessionKey = freshSessionKey();
    const ours = Buffer.concat([
      wrapSessionKey(encryptionKeys[0], sessionKey),
      encryptBody(sessionKey, [literalHeader(content.length), content]),
    ]);
    const message = await openpgp.readMessage({ binaryMessage: ours });
    const task = { message, decryptionKeys: pair.privateKey, format: 'binary', date, config } as const;
    assert.deepEqual(Buffer.from((await openpgp.decrypt(task)).data), content);

    const data = new Uint8Array(32).fill(7);
    const theirs = await openpgp.encryptSessionKey({
      data,
      algorithm: 'aes256',
      encryptionKeys: pair.publicKey,
      format: 'binary',
      date,
      config,
    });
    const found = sessionKeyFromPackets([{ keyId: '', bytes: theirs }], own.decryptionKeys);
    assert.deepEqual(Buffer.from(found?.sessionKey.bytes ?? []), Buffer.from(data));
  });
}
