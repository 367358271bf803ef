import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Gnupg, makeGnupg } from '../../../test/stand-ins/gnupg.ts';
import { day, instantFromMilliseconds, later } from '../../time/instant.ts';
import { examineCertificates } from './examine-certificates.ts';
import { mergeCertificate } from './merge-certificate.ts';
import { packetTag, readPackets, writePacket } from './packets.ts';

/** The keyholder's merge of what the child has left of a copy; real gpg keys with real revocations. */
let gpg: Gnupg;
const now = instantFromMilliseconds(Date.now() + 60_000);
before(async () => {
  gpg = await makeGnupg();
});
after(() => gpg.remove());

async function only(bytes: Uint8Array, extent: 'whole' | 'own-word' = 'whole') {
  const [one, ...others] = await examineCertificates(bytes, now, extent);
  assert.ok(one && others.length === 0);
  return one;
}

async function merged(known: Uint8Array, copy: Uint8Array) {
  return mergeCertificate((await only(known)).certificate, (await only(copy, 'own-word')).certificate);
}

async function useOf({ bytes }: { bytes: Uint8Array }, at = now) {
  const [one] = await examineCertificates(bytes, at);
  return one?.use;
}

function packetsOf({ bytes }: { bytes: Uint8Array }) {
  return readPackets(bytes, 1_000).packets.map(({ raw }) => Buffer.from(raw).toString('hex'));
}

async function edit(fingerprint: string, ...commands: readonly string[]): Promise<void> {
  const answers = [...commands, 'save'].join('\n');
  const args = ['--no-batch', '--command-fd', '0', '--pinentry-mode', 'loopback', '--edit-key', fingerprint];
  const result = await gpg.run(args, `${answers}\n`);
  assert.equal(result.code, 0, result.stderr);
}

async function revoke(fingerprint: string): Promise<void> {
  const args = ['--no-batch', '--command-fd', '0', '--pinentry-mode', 'loopback', '--armor', '--gen-revoke'];
  const { stdout } = await gpg.run([...args, fingerprint], 'y\n0\n\ny\n');
  await gpg.importKey(stdout);
}

const keyOf = async (name: string, expiry?: string) => {
  const fingerprint = await gpg.generate('ed25519', `${name} <${name}@debian.example>`, expiry);
  return { fingerprint, known: await gpg.exportPublic(fingerprint) };
};

test('a copy without anything new gives the very certificate that is known', async () => {
  const { known } = await keyOf('same');
  const certificate = (await only(known)).certificate;
  const both = mergeCertificate(certificate, (await only(known, 'own-word')).certificate);
  assert.equal(both.revoked, certificate);
  assert.equal(both.whole, certificate);
  assert.deepEqual(both.furtherKeys, []);
});

test('a revocation of the key comes in, and a later copy without it takes it away no more', async () => {
  const { fingerprint, known } = await keyOf('rhea');
  await revoke(fingerprint);
  const { revoked } = await merged(known, await gpg.exportPublic(fingerprint));
  assert.deepEqual(await useOf(revoked), { kind: 'unusable', fault: 'revoked' });
  const older = mergeCertificate(revoked, (await only(known, 'own-word')).certificate);
  assert.equal(older.whole, revoked);
});

test('a revoked subkey is lost, the other one stays; every known packet is there still', async () => {
  const { fingerprint } = await keyOf('sid');
  await gpg.addEncryptionSubkey(fingerprint, 'cv25519');
  const known = await gpg.exportPublic(fingerprint);
  const before = (await only(known)).certificate;
  await edit(fingerprint, 'key 1', 'revkey', 'y', '0', '', 'y');
  const { revoked, whole } = await merged(known, await gpg.exportPublic(fingerprint));
  assert.equal(revoked.bytes.length, whole.bytes.length);
  const [was, is] = [await useOf(before), await useOf(revoked)];
  assert.ok(was?.kind === 'usable' && is?.kind === 'usable');
  assert.deepEqual([was.encryptionKeyIds.length, is.encryptionKeyIds.length], [2, 1]);
  const after = packetsOf(revoked);
  for (const packet of packetsOf(before)) assert.ok(after.includes(packet));
});

test('a longer validity is in the whole, and in the revocations alone it is not', async () => {
  const { fingerprint, known } = await keyOf('ella', '2d');
  await gpg.run(['--quick-set-expire', fingerprint, '2y']);
  await gpg.run(['--quick-set-expire', fingerprint, '2y', '*']);
  const { revoked, whole } = await merged(known, await gpg.exportPublic(fingerprint));
  const inAMonth = later(now, 30 * day);
  assert.equal((await useOf(whole, inAMonth))?.kind, 'usable');
  assert.deepEqual(await useOf(revoked, inAMonth), { kind: 'unusable', fault: 'expired' });
});

test('a further subkey does not come in; its id is told', async () => {
  const { fingerprint, known } = await keyOf('fay');
  await gpg.addEncryptionSubkey(fingerprint, 'cv25519');
  const { whole, furtherKeys } = await merged(known, await gpg.exportPublic(fingerprint));
  assert.deepEqual(await useOf(whole), await useOf((await only(known)).certificate));
  assert.equal(furtherKeys.length, 1);
});

test('a foreign subkey that the key has not bound is not even told', async () => {
  const { known } = await keyOf('hal');
  const foreign = readPackets((await keyOf('mallory')).known, 100).packets;
  const subkey = foreign.findIndex(({ tag }) => tag === packetTag.publicSubkey);
  const copy = Buffer.concat([known, ...foreign.slice(subkey).map(({ raw }) => raw)]);
  const { whole, furtherKeys } = await merged(known, copy);
  assert.deepEqual(packetsOf(whole), packetsOf((await only(known)).certificate));
  assert.deepEqual(furtherKeys, []);
});

test('a child that lies cannot bring in a key, nor take a known packet out', async () => {
  const { known } = await keyOf('ivy');
  const certificate = (await only(known)).certificate;
  const foreign = readPackets((await keyOf('oscar')).known, 100).packets;
  const subkey = foreign.find(({ tag }) => tag === packetTag.publicSubkey);
  const [primary] = readPackets(certificate.bytes, 100).packets;
  assert.ok(primary && subkey);
  // Key packets, bare, and one dressed as a signature.
  const lie = Buffer.concat([
    primary.raw,
    subkey.raw,
    writePacket(packetTag.signature, subkey.body ?? new Uint8Array()),
    writePacket(packetTag.publicKey, subkey.body ?? new Uint8Array()),
  ]);
  const { whole } = mergeCertificate(certificate, { ...certificate, bytes: lie });
  const keys = (bytes: Uint8Array) =>
    readPackets(bytes, 100).packets.filter(
      ({ tag }) => tag === packetTag.publicKey || tag === packetTag.publicSubkey,
    );
  assert.deepEqual(keys(whole.bytes), keys(certificate.bytes));
});

test('the same signature with another uncovered part is nothing new', async () => {
  const { known } = await keyOf('una');
  const certificate = (await only(known)).certificate;
  const dressed = readPackets(certificate.bytes, 100).packets.map(({ tag, raw, body }) => {
    if (tag !== packetTag.signature || !body) return raw;
    const hashedEnd = 6 + ((body[4] ?? 0) << 8) + (body[5] ?? 0);
    const length = ((body[hashedEnd] ?? 0) << 8) + (body[hashedEnd + 1] ?? 0) + 3;
    const notation = Uint8Array.of(2, 100, 1);
    return writePacket(
      tag,
      body.subarray(0, hashedEnd),
      Uint8Array.of(length >> 8, length & 255),
      notation,
      body.subarray(hashedEnd + 2),
    );
  });
  const { whole } = mergeCertificate(certificate, { ...certificate, bytes: Buffer.concat(dressed) });
  assert.equal(whole, certificate);
});
