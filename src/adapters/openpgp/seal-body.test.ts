import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Gnupg, type KeyKind, makeGnupg } from '../../../test/stand-ins/gnupg.ts';
import type { Certificate } from '../../membership/certificate.ts';
import type { ReaderHead, SealedBody } from '../../message/sealing-port.ts';
import { instantFromMilliseconds } from '../../time/instant.ts';
import { examineCertificates } from './examine-certificates.ts';
import { generateKey } from './private/generate-key.ts';
import { signDetached } from './private/sign-detached.ts';
import { readCertificates } from './read-certificates.ts';
import { createSealing } from './seal-body.ts';

const now = instantFromMilliseconds(Math.floor(Date.now() / 1000) * 1000);
const kinds: readonly KeyKind[] = [
  'rsa2048',
  'rsa4096',
  'ed25519',
  'nistp256',
  'nistp384',
  'nistp521',
  'brainpoolP256r1',
  'brainpoolP384r1',
  'brainpoolP512r1',
];

function copyOf(body: SealedBody, head: ReaderHead): Uint8Array {
  const lines = (text: string) => Buffer.from(text.replaceAll('\n', '\r\n'));
  return Buffer.concat([
    lines('-----BEGIN PGP MESSAGE-----\n\n'),
    head.head,
    body.tails[head.alignment],
    lines(`${head.checksum}\n-----END PGP MESSAGE-----\n`),
  ]);
}

function bytesOf(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => (i * 31 + (i >> 8)) & 0xff);
}

describe('copies sealed for readers whose keys GnuPG made', () => {
  let gnupg: Gnupg;
  const certificates = new Map<KeyKind, Certificate>();
  const demoList = { list: 'demo-list', fingerprint: undefined };
  let sealing: ReturnType<typeof createSealing>;

  before(async () => {
    gnupg = await makeGnupg();
    const list = await generateKey({ name: 'demo-list', address: 'demo-list@lists.example.org' }, now);
    sealing = createSealing((_, content, at) => signDetached(list.key, content, at), examineCertificates);
    await gnupg.importKey(list.key.certificate.bytes);
    await Promise.all(
      kinds.map(async (kind) => {
        const fingerprint = await gnupg.generate(kind, `${kind} <${kind}@example.org>`);
        // A second encryption subkey, as on a card and a telephone: both are wrapped to.
        if (kind === 'ed25519') await gnupg.addEncryptionSubkey(fingerprint, 'rsa2048');
        const [certificate] = await readCertificates(await gnupg.exportPublic(fingerprint, true));
        assert.ok(certificate);
        certificates.set(kind, certificate);
      }),
    );
  });
  after(() => gnupg.remove());

  function wrap(body: SealedBody, of: readonly KeyKind[]) {
    const given = of.flatMap((kind) => certificates.get(kind) ?? []);
    return sealing.wrap(body, given, instantFromMilliseconds(Date.now()));
  }

  async function readsBack(kind: KeyKind, content: Uint8Array, body: SealedBody) {
    await opens(body, await wrap(body, [kind]), content);
  }

  async function opens(body: SealedBody, head: ReaderHead, content: Uint8Array) {
    const copy = copyOf(body, head);
    const result = await gnupg.decrypt(copy);
    assert.equal(result.code, 0, result.stderr);
    assert.ok(
      result.status.some((line) => line.startsWith('GOODSIG')),
      result.stderr,
    );
    assert.ok(result.status.includes('GOODMDC'), result.stderr);
    assert.ok(Buffer.compare(result.stdout, content) === 0, 'the content differs');
    assert.doesNotMatch(result.stderr, /CRC error|malformed/i);
  }

  for (const kind of kinds) {
    test(`${kind}: GnuPG decrypts, with a good signature and integrity, and the content is exact`, async () => {
      const content = Buffer.from('Subject: [vs] a flaw\r\n\r\nIt is so.\r\n');
      const body = await sealing.seal(content, demoList, instantFromMilliseconds(Date.now()));
      const head = await wrap(body, [kind]);
      await opens(body, head, content);
      assert.equal(head.keyIds.length, kind === 'ed25519' ? 2 : 1);
    });
  }

  test('every alignment and every small size reads back', async () => {
    for (const size of [0, 1, 2, 3, 46, 47, 48, 49, 95, 96, 97, 190, 191, 192, 8_190, 8_384]) {
      const content = bytesOf(size);
      const body = await sealing.seal(content, demoList, instantFromMilliseconds(Date.now()));
      const seen = new Set<number>();
      // A packet's length varies with its key and, for RSA, by chance: subsets of keys are tried until all are met.
      for (let subset = 1; seen.size < 3 && subset < 2 ** kinds.length; subset++) {
        const head = await wrap(
          body,
          kinds.filter((_, i) => (subset >> i) % 2 === 1),
        );
        if (seen.has(head.alignment)) continue;
        seen.add(head.alignment);
        await opens(body, head, content);
      }
      assert.equal(seen.size, 3, 'three alignments were met');
    }
  });

  test('1 MB reads back for RSA and Curve25519', async () => {
    const content = bytesOf(1_048_577);
    const body = await sealing.seal(content, demoList, instantFromMilliseconds(Date.now()));
    await readsBack('rsa4096', content, body);
    await readsBack('ed25519', content, body);
  });

  test('a late wrap from the outbox’s armour is as good as the first', async () => {
    const content = bytesOf(5_000);
    const sealed = await sealing.seal(content, demoList, instantFromMilliseconds(Date.now()));
    await readsBack('nistp256', content, sealing.rejoin(sealed.tails, sealed.sessionKey));
  });
});
