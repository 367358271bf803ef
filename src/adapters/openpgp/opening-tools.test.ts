import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { createMessage, encrypt, readKey } from 'openpgp';
import { type Gnupg, type KeyKind, makeGnupg } from '../../../test/stand-ins/gnupg.ts';
import type { Certificate } from '../../membership/certificate.ts';
import type { OpenedBody } from '../../message/open/opening-tools.ts';
import { day, instantFromMilliseconds, later } from '../../time/instant.ts';
import { encryptBody, literalHeader } from './integrity-protected.ts';
import { openingTools as tools } from './opening-tools.ts';
import { packetTag, writePacket } from './packets.ts';
import { generateKey } from './private/generate-key.ts';
import { type PrivateKey, readPrivateKey } from './private/private-key.ts';
import { sessionKeyFromPackets } from './private/unwrap-session-key.ts';
import { readCertificates } from './read-certificates.ts';
import { freshSessionKey } from './session-key.ts';

const now = instantFromMilliseconds(Math.floor(Date.now() / 1000) * 1000);
const clock = () => instantFromMilliseconds(Date.now());
const report = Buffer.from('Content-Type: text/plain\r\n\r\nA flaw, with ünïcode.\r\n');
const maximumBytes = 4 * 1024 * 1024;

describe('what GnuPG sends to a list', () => {
  let gnupg: Gnupg;
  let list: PrivateKey;
  let listKey: string;
  let author: string;
  let certificates: readonly Certificate[];

  before(async () => {
    gnupg = await makeGnupg();
    list = (await generateKey({ name: 'demo-list', address: 'demo-list@lists.example.org' }, now)).key;
    listKey = list.certificate.fingerprint;
    await gnupg.importKey(list.certificate.bytes);
    author = await gnupg.generate('ed25519', 'Author <author@example.org>');
    certificates = await readCertificates(await gnupg.exportPublic(author));
  });
  after(() => gnupg.remove());

  async function open(message: Uint8Array, options: { key?: PrivateKey; at?: number } = {}) {
    const read = await tools.readEncrypted(message);
    assert.ok(read.kind === 'encrypted', JSON.stringify(read));
    const found = sessionKeyFromPackets(read.sessionKeyPackets, (options.key ?? list).decryptionKeys);
    assert.ok(found, 'the key opens a packet');
    return tools.openBody({
      body: read.body,
      sessionKey: found.sessionKey,
      certificates,
      now: instantFromMilliseconds(options.at ?? Date.now()),
      maximumBytes,
    });
  }

  async function opens(message: Uint8Array): Promise<OpenedBody> {
    const opened = await open(message);
    assert.ok(opened.kind === 'opened', JSON.stringify(opened));
    assert.deepEqual(Buffer.from(opened.data), report);
    return opened;
  }

  for (const compression of ['none', 'zip', 'zlib', 'bzip2']) {
    test(`a signed and encrypted report, compressed with ${compression}, opens byte for byte and verifies`, async () => {
      const options = ['--sign', '-u', author, '--compress-algo', compression];
      const { signature, fileName } = await opens(await gnupg.encrypt(report, [listKey], options));
      assert.ok(signature.kind === 'valid', JSON.stringify(signature));
      assert.equal(signature.fingerprint, author);
      assert.ok(Math.abs(signature.signedAt - Date.now()) < 60_000);
      assert.equal(fileName, undefined);
    });
  }

  test('an unsigned one says so; armour, hidden recipient, text mode and many recipients open alike', async () => {
    assert.deepEqual((await opens(await gnupg.encrypt(report, [listKey]))).signature, { kind: 'none' });
    await opens(await gnupg.encrypt(report, [listKey], ['--armor']));
    await opens(await gnupg.encrypt(report, [], ['--hidden-recipient', listKey]));
    await opens(await gnupg.encrypt(report, [author, listKey], ['--armor', '--comment', 'odd: header']));
    const text = await opens(await gnupg.encrypt(report, [listKey], ['--textmode', '--sign', '-u', author]));
    assert.equal(text.signature.kind, 'valid');
  });

  test('armour that mail programs mangled is still read', async () => {
    const armored = Buffer.from(await gnupg.encrypt(report, [listKey], ['--armor'])).toString();
    const noChecksum = armored.replace(/\n=[A-Za-z0-9+/]{4}\n/, '\n');
    const indented = armored.replaceAll(/^/gm, '  ').replaceAll('\n', ' \r\n');
    const noBlankLine = armored.replace('MESSAGE-----\n\n', 'MESSAGE-----\n');
    const headers = armored.replace(
      'MESSAGE-----\n',
      'MESSAGE-----\nVersion: x\nComment without\nCharset: utf-8\n',
    );
    const surrounded = `Hello,\n\n${armored}\n-- \nme\n`;
    for (const text of [noChecksum, indented, noBlankLine, headers, surrounded]) {
      assert.notEqual(text, armored);
      await opens(Buffer.from(text));
    }
  });

  test('a signature by somebody unknown, and one over changed bytes, are told apart from a good one', async () => {
    const stranger = await gnupg.generate('rsa2048', 'Stranger <stranger@example.org>');
    const unknown = await opens(await gnupg.encrypt(report, [listKey], ['--sign', '-u', stranger]));
    assert.equal(unknown.signature.kind, 'unknown-key');
    const detached = (await gnupg.run(['--armor', '-u', author, '--detach-sign'], report)).stdout;
    const check = { certificates, now: clock(), signature: detached };
    assert.equal((await tools.verifyDetached({ ...check, signedBytes: report })).kind, 'valid');
    assert.deepEqual(await tools.verifyDetached({ ...check, signedBytes: Buffer.from('other') }), {
      kind: 'invalid',
      keyId: author.slice(-16),
      reason: 'does-not-match',
    });
    const garbage = await tools.verifyDetached({ ...check, signedBytes: report, signature: report });
    assert.equal(garbage.kind, 'invalid');
  });

  test('a weak digest, a signature from the future and an expired signer prove nothing', async () => {
    const weak = ['--digest-algo', 'SHA1', '-u', author, '--detach-sign'];
    const sha1 = (await gnupg.run(weak, report)).stdout;
    const verdict = await tools.verifyDetached({
      certificates,
      now: clock(),
      signature: sha1,
      signedBytes: report,
    });
    assert.deepEqual(verdict.kind === 'invalid' && verdict.reason, 'weak-digest');

    const signed = await gnupg.encrypt(report, [listKey], ['--sign', '-u', author]);
    const early = await open(signed, { at: later(now, -day) });
    assert.ok(early.kind === 'opened' && early.signature.kind === 'invalid', JSON.stringify(early));
    assert.equal(early.signature.reason, 'signed-in-the-future');

    const mortal = await gnupg.generate('ed25519', 'Mortal <mortal@example.org>', '2d');
    const theirs = await readCertificates(await gnupg.exportPublic(mortal));
    const signature = (await gnupg.run(['-u', mortal, '--detach-sign'], report)).stdout;
    const check = { certificates: theirs, signature, signedBytes: report };
    assert.equal((await tools.verifyDetached({ ...check, now: clock() })).kind, 'valid');
    const expired = await tools.verifyDetached({ ...check, now: later(now, 3 * day) });
    assert.deepEqual(expired.kind === 'invalid' && expired.reason, 'key-expired');
  });

  test('a changed unhashed field leaves the digest of a signature as it was', async () => {
    const signature = (await gnupg.run(['-u', author, '--detach-sign'], report)).stdout;
    const check = { certificates, now: clock(), signedBytes: report };
    const first = await tools.verifyDetached({ ...check, signature });
    // Old header 88 nn, version 4: the issuer subpacket (9 10) is unhashed; its key id's copy is free to change type.
    const changed = Buffer.from(signature);
    const at = changed.indexOf(Buffer.from([9, 16, ...Buffer.from(author.slice(-16), 'hex')]));
    assert.ok(at > 0);
    changed[at + 1] = 100;
    const second = await tools.verifyDetached({ ...check, signature: changed });
    assert.ok(first.kind === 'valid' && second.kind === 'valid', JSON.stringify([first, second]));
    assert.equal(second.digest, first.digest);
  });

  test('a cleartext signature yields exactly the signed text, and nothing slipped in beside it', async () => {
    const text = 'Embargod: VS-2026-0042 crd 2026-12-01T16:00Z\n- dashed\n-- \nme   \n';
    const signed = Buffer.from((await gnupg.run(['-u', author, '--clearsign'], text)).stdout).toString();
    const result = await tools.verifyCleartext({
      certificates,
      now: clock(),
      text: `before\n${signed}after`,
    });
    assert.equal(result?.signature.kind, 'valid');
    assert.equal(result?.text, 'Embargod: VS-2026-0042 crd 2026-12-01T16:00Z\r\n- dashed\r\n--\r\nme');
    const forged = signed.replace('Hash: ', 'Embargod VS public\nHash: ');
    assert.equal(await tools.verifyCleartext({ certificates, now: clock(), text: forged }), undefined);
    const changed = signed.replace('0042', '0043');
    const wrong = await tools.verifyCleartext({ certificates, now: clock(), text: changed });
    assert.equal(wrong?.signature.kind, 'invalid');
    assert.equal(await tools.verifyCleartext({ certificates, now: clock(), text: 'none' }), undefined);
  });

  const kinds: readonly KeyKind[] = ['rsa2048', 'nistp256', 'nistp384', 'nistp521', 'brainpoolP256r1'];
  for (const kind of kinds) {
    test(`a session key for a ${kind} key is opened by node:crypto`, async () => {
      const fingerprint = await gnupg.generate(kind, `${kind} <${kind}@example.org>`);
      const key = await readPrivateKey(await gnupg.exportSecret(fingerprint));
      const signed = await gnupg.encrypt(report, [fingerprint], ['--sign', '-u', author]);
      const opened = await open(signed, { key });
      assert.ok(opened.kind === 'opened' && opened.signature.kind === 'valid', JSON.stringify(opened));
      const hidden = await gnupg.encrypt(report, [], ['--hidden-recipient', fingerprint]);
      assert.equal((await open(hidden, { key })).kind, 'opened');
    });
  }

  test('a message with AEAD (SEIPD version 2), as Sequoia and openpgp.js may write it, opens too', async () => {
    const message = await encrypt({
      message: await createMessage({ binary: report }),
      encryptionKeys: await readKey({ binaryKey: list.certificate.bytes }),
      sessionKey: { data: new Uint8Array(32).fill(9), algorithm: 'aes256', aeadAlgorithm: 'ocb' },
      format: 'binary',
    });
    const read = await tools.readEncrypted(message);
    assert.equal(read.kind === 'encrypted' && read.body[2], 2);
    await opens(message);
  });

  test('a body without integrity protection is never opened (EFAIL)', async () => {
    const read = await tools.readEncrypted(await gnupg.encrypt(report, [listKey]));
    assert.ok(read.kind === 'encrypted');
    const found = sessionKeyFromPackets(read.sessionKeyPackets, list.decryptionKeys);
    assert.ok(found);
    const body = Buffer.from(read.body);
    assert.equal(body[0], 0xd2);
    body[0] = 0xc9;
    const task = { body, sessionKey: found.sessionKey, certificates, now: clock(), maximumBytes };
    assert.deepEqual(await tools.openBody(task), { kind: 'problem', reason: 'no-integrity' });
  });

  test('a flipped bit is found before anything is looked at', async () => {
    const message = Buffer.from(await gnupg.encrypt(report, [listKey]));
    message[message.length - 30] = (message[message.length - 30] ?? 0) ^ 1;
    assert.deepEqual(await open(message), { kind: 'problem', reason: 'damaged' });
  });

  for (const compression of ['zip', 'zlib', 'bzip2']) {
    test(`a ${compression} bomb stops at the limit`, async () => {
      const bomb = await gnupg.encrypt(
        Buffer.alloc(32 * 1024 * 1024),
        [listKey],
        ['--compress-algo', compression],
      );
      assert.ok(bomb.length < 64 * 1024);
      assert.deepEqual(await open(bomb), { kind: 'problem', reason: 'too-large' });
    });
  }

  test('compression inside compression is not followed, so no nest of bombs or quine is', async () => {
    const literal = Buffer.concat([literalHeader(report.length), report]);
    const compressed = (packets: Uint8Array) =>
      writePacket(packetTag.compressed, Uint8Array.of(1), deflateRawSync(packets));
    const sessionKey = freshSessionKey();
    const task = { sessionKey, certificates, now: clock(), maximumBytes };
    const once = await tools.openBody({ ...task, body: encryptBody(sessionKey, [compressed(literal)]) });
    assert.equal(once.kind, 'opened');
    const twice = encryptBody(sessionKey, [compressed(compressed(literal))]);
    assert.deepEqual(await tools.openBody({ ...task, body: twice }), { kind: 'problem', reason: 'damaged' });
  });

  test('whatever bytes come, the tools answer and never throw', async () => {
    const message = await gnupg.encrypt(report, [listKey], ['--sign', '-u', author]);
    const armored = await gnupg.encrypt(report, [listKey], ['--armor']);
    const signature = (await gnupg.run(['-u', author, '--detach-sign'], report)).stdout;
    const gnupgKey = gnupg.exportPublic(author);
    const sessionKey = freshSessionKey();
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 });
    const changed = (bytes: Uint8Array, edits: readonly (readonly [number, number])[]) => {
      const copy = Uint8Array.from(bytes);
      for (const [at, value] of edits) copy[at % copy.length] = value;
      return copy;
    };
    await fc.assert(
      fc.asyncProperty(changes, fc.uint8Array({ maxLength: 200 }), async (edits, random) => {
        for (const bytes of [changed(message, edits), changed(armored, edits), random]) {
          const read = await tools.readEncrypted(bytes);
          const packets = read.kind === 'encrypted' ? read.sessionKeyPackets : [];
          const found = sessionKeyFromPackets(packets, list.decryptionKeys);
          const body = read.kind === 'encrypted' ? read.body : bytes;
          const key = found?.sessionKey ?? sessionKey;
          await tools.openBody({ body, sessionKey: key, certificates, now: clock(), maximumBytes });
          await tools.readCertificates(bytes);
        }
        const check = { certificates, now: clock(), signedBytes: report };
        await tools.verifyDetached({ ...check, signature: changed(signature, edits) });
        const certificate = changed(await gnupgKey, edits);
        await tools.readCertificates(certificate);
      }),
      { numRuns: 150 },
    );
  });

  test('of a flood of anonymous session-key packets two are kept, and named ones are', async () => {
    const message = await gnupg.encrypt(report, [listKey]);
    const read = await tools.readEncrypted(message);
    assert.ok(read.kind === 'encrypted');
    const [named] = read.sessionKeyPackets;
    assert.ok(named);
    const wildcard = Buffer.from(named.bytes);
    wildcard.fill(0, 3, 11);
    const flood = Buffer.concat([...Array<Buffer>(300).fill(wildcard), named.bytes, read.body]);
    const parsed = await tools.readEncrypted(flood);
    assert.ok(parsed.kind === 'encrypted');
    assert.deepEqual(
      parsed.sessionKeyPackets.map((packet) => packet.keyId),
      ['0000000000000000', '0000000000000000', named.keyId],
    );
    const endless = Buffer.concat([...Array<Buffer>(5_000).fill(wildcard), read.body]);
    assert.deepEqual(await tools.readEncrypted(endless), { kind: 'problem', reason: 'too-many-packets' });
  });

  test('fake armour, keys and signatures are not encrypted; what a passphrase opens is, to no key', async () => {
    const fake = Buffer.from('-----BEGIN PGP MESSAGE-----\n\nSGVsbG8=\n-----END PGP MESSAGE-----\n');
    assert.equal((await tools.readEncrypted(fake)).kind, 'problem');
    assert.deepEqual(await tools.readEncrypted(await gnupg.exportPublic(author)), {
      kind: 'problem',
      reason: 'not-encrypted',
    });
    const symmetric = (await gnupg.run(['--symmetric', '--passphrase', 'x'], report)).stdout;
    const read = await tools.readEncrypted(symmetric);
    assert.ok(read.kind === 'encrypted' && read.sessionKeyPackets.length === 0);
  });
});
