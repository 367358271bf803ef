import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Gnupg, makeGnupg } from '../../../test/stand-ins/gnupg.ts';
import { day, type Instant, instantFromMilliseconds, later } from '../../time/instant.ts';
import { armorCertificate } from './armor-certificate.ts';
import { createCertificateCache } from './certificate-cache.ts';
import { examineCertificates } from './examine-certificates.ts';
import { generateKey } from './private/generate-key.ts';
import { findCertificates, readCertificates } from './read-certificates.ts';

const cache = createCertificateCache(examineCertificates);
const clock = () => instantFromMilliseconds(Date.now());

describe('what certificates made by GnuPG are good for', () => {
  let gnupg: Gnupg;
  before(async () => {
    gnupg = await makeGnupg();
    await gnupg.run(['--list-keys']);
  });
  after(() => gnupg.remove());

  async function useOf(fingerprint: string, now: Instant) {
    const [certificate] = await readCertificates(await gnupg.exportPublic(fingerprint));
    assert.ok(certificate);
    assert.equal(certificate.fingerprint, fingerprint);
    return (await cache.assess(certificate.bytes, now)).use;
  }

  test('a usable one names every encryption key, and when the last of them expires', async () => {
    const fingerprint = await gnupg.generate('ed25519', 'A <a@example.org>', '10d');
    await gnupg.addEncryptionSubkey(fingerprint, 'rsa3072', '5d');
    const use = await useOf(fingerprint, clock());
    assert.ok(use.kind === 'usable', JSON.stringify(use));
    assert.equal(use.encryptionKeyIds.length, 2);
    assert.ok(Math.abs((use.expiresAt ?? 0) - later(clock(), 10 * day)) < day);
    const soon = await useOf(fingerprint, later(clock(), 6 * day));
    assert.equal(soon.kind === 'usable' && soon.encryptionKeyIds.length, 1);
    assert.deepEqual(await useOf(fingerprint, later(clock(), 11 * day)), {
      kind: 'unusable',
      fault: 'expired',
    });
    assert.deepEqual(await useOf(fingerprint, later(clock(), -day)), {
      kind: 'unusable',
      fault: 'not-yet-valid',
    });
    // The cache answers for a moment, not for ever: back to now it is usable again.
    assert.equal((await useOf(fingerprint, clock())).kind, 'usable');
  });

  test('one that never expires says so; a revoked one is revoked', async () => {
    const fingerprint = await gnupg.generate('nistp256', 'B <b@example.org>');
    const use = await useOf(fingerprint, clock());
    assert.ok(use.kind === 'usable' && use.expiresAt === undefined, JSON.stringify(use));
    const revocation = await gnupg.run(
      ['--command-fd', '0', '--no-batch', '--gen-revoke', fingerprint],
      'y\n0\n\ny\n',
    );
    await gnupg.importKey(revocation.stdout);
    assert.deepEqual(await useOf(fingerprint, clock()), { kind: 'unusable', fault: 'revoked' });
  });

  test('RSA-1024 and DSA with ElGamal are weak', async () => {
    for (const kind of ['rsa1024', 'dsa2048'] as const) {
      const fingerprint = await gnupg.generate(kind, `${kind} <${kind}@example.org>`);
      assert.deepEqual(await useOf(fingerprint, clock()), { kind: 'unusable', fault: 'weak' });
    }
  });

  test('a key that can only sign has no encryption key', async () => {
    const made = await gnupg.run(['--quick-generate-key', 'S <s@example.org>', 'ed25519', 'sign', 'never']);
    const fingerprint = made.status.find((line) => line.startsWith('KEY_CREATED'))?.split(' ')[2] ?? '';
    assert.deepEqual(await useOf(fingerprint, clock()), { kind: 'unusable', fault: 'no-encryption-key' });
  });

  test('several keys are read from one block and from several; a secret key is refused', async () => {
    const first = await gnupg.generate('ed25519', 'C <c@example.org>');
    const second = await gnupg.generate('ed25519', 'D <d@example.org>');
    const both = (await gnupg.run(['--armor', '--export', first, second])).stdout;
    assert.deepEqual(
      (await readCertificates(both)).map((one) => one.fingerprint),
      [first, second],
    );
    const blocks = Buffer.concat([
      await gnupg.exportPublic(first, true),
      await gnupg.exportPublic(second, true),
    ]);
    assert.equal((await readCertificates(blocks)).length, 2);
    assert.deepEqual((await readCertificates(blocks))[0]?.userIds, ['C <c@example.org>']);
    const secret = await gnupg.exportSecret(first);
    await assert.rejects(readCertificates(secret), { code: 'secret-key-given' });
    assert.deepEqual(await findCertificates(secret), []);
    await assert.rejects(readCertificates(Buffer.from('hello')), { code: 'certificate-unreadable' });
  });

  test('our own keys are read by GnuPG, with the list’s address as user id', async () => {
    const { key } = await generateKey({ name: 'demo-list', address: 'demo-list@lists.example.org' }, clock());
    await gnupg.importKey(armorCertificate(key.certificate));
    const listed = await gnupg.run(['--with-colons', '--list-keys', key.certificate.fingerprint]);
    const text = Buffer.from(listed.stdout).toString();
    assert.match(text, /:demo-list <demo-list@lists\.example\.org>:/);
    assert.match(text, /^sub:.*:cv25519:/m);
  });

  test('a version 6 key is told apart, as GnuPG 2.2 could not read what is sealed to it', async () => {
    const { generateKey: generateWithLibrary } = await import('openpgp');
    const userIDs = [{ name: 'six' }];
    const config = { v6Keys: true };
    const made = await generateWithLibrary({ type: 'curve25519', userIDs, format: 'binary', config });
    const [certificate] = await readCertificates(made.publicKey);
    assert.ok(certificate);
    assert.deepEqual((await cache.assess(certificate.bytes, clock())).use, {
      kind: 'unusable',
      fault: 'unsupported-version',
    });
  });
});
