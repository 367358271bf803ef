import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { ExaminedCertificate } from '../../membership/certificate.ts';
import { day, hour, type Instant, instantFromMilliseconds, later } from '../../time/instant.ts';
import { createCertificateCache } from './certificate-cache.ts';
import { examineCertificates } from './examine-certificates.ts';
import { generateKey } from './private/generate-key.ts';

const now = instantFromMilliseconds(Date.UTC(2026, 10, 23, 12));
const unreadable = { kind: 'unusable', fault: 'unreadable' } as const;

let reader: ExaminedCertificate;
let attacker: ExaminedCertificate;
before(async () => {
  reader = await freshCertificate('reader');
  attacker = await freshCertificate('attacker');
});

async function freshCertificate(name: string): Promise<ExaminedCertificate> {
  const { key } = await generateKey({ name }, later(now, -day));
  const [examined] = await examineCertificates(key.certificate.bytes, now);
  return examined ?? assert.fail('our own key is read');
}

/** A cache whose examiner says what it is told to, and how often it was asked. */
function cacheThatHears(say: () => readonly ExaminedCertificate[]) {
  let asked = 0;
  const cache = createCertificateCache(async () => {
    asked += 1;
    return say();
  });
  return {
    assess: (at: Instant = now) => cache.assess(reader.certificate.bytes, at),
    asked: () => asked,
  };
}

test('what is true is believed, and asked for once', async () => {
  const { assess, asked } = cacheThatHears(() => [reader]);
  for (const at of [now, later(now, hour), later(now, 100 * day)]) {
    const { use, encryptionKeys } = await assess(at);
    assert.deepEqual(use, reader.use);
    assert.equal(encryptionKeys.length, 1);
  }
  assert.equal(asked(), 1);
});

test('an answer is kept for as long as it holds', async () => {
  const { assess, asked } = cacheThatHears(() => [
    { ...reader, holds: { from: now, until: later(now, hour) } },
  ]);
  await assess();
  await assess(later(now, hour - 1));
  assert.equal(asked(), 1);
  await assess(later(now, hour));
  assert.equal(asked(), 2);
  await assess(later(now, -1));
  assert.equal(asked(), 3);
});

const bodyOf = (examined: ExaminedCertificate) => examined.encryptionKeys[0] ?? assert.fail('it has a key');
const lies: Readonly<Record<string, () => readonly ExaminedCertificate[]>> = {
  'a key of somebody else’s': () => [{ ...reader, encryptionKeys: attacker.encryptionKeys }],
  'somebody else’s key, with its own id': () => [
    { ...reader, use: attacker.use, encryptionKeys: attacker.encryptionKeys },
  ],
  'one key more': () => [{ ...reader, encryptionKeys: [bodyOf(reader), bodyOf(attacker)] }],
  'no key': () => [{ ...reader, encryptionKeys: [] }],
  'bytes that are no packet of it': () => [{ ...reader, encryptionKeys: [bodyOf(reader).subarray(1)] }],
  'two certificates': () => [reader, attacker],
  nothing: () => [],
};

for (const [name, lie] of Object.entries(lies)) {
  test(`a child taken over slips in no reader: ${name}`, async () => {
    const { assess, asked } = cacheThatHears(lie);
    assert.deepEqual((await assess()).use, unreadable);
    assert.deepEqual((await assess()).encryptionKeys, []);
    assert.equal(asked(), 1);
    await assess(later(now, hour));
    assert.equal(asked(), 2, 'it is tried again after a while');
  });
}

test('a child that is not there leaves nothing behind: the next question is asked again', async () => {
  const said: (() => readonly ExaminedCertificate[])[] = [
    () => {
      throw new Error('no child');
    },
    () => [reader],
  ];
  const { assess } = cacheThatHears(() => (said.shift() ?? (() => []))());
  await assert.rejects(assess(), /no child/);
  assert.equal((await assess()).use.kind, 'usable');
});
