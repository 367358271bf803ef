import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { generateKey } from 'openpgp';
import { addresses, signedBy, startOpening } from '../../../test/fixtures/mail/opening-bench.ts';
import {
  encryptedParts,
  mail,
  multipartSigned,
  outerHead,
  pgpMime,
  thunderbirdEntity,
} from '../../../test/fixtures/mail/pgp-mail.ts';

let bench: Awaited<ReturnType<typeof startOpening>>;

before(async () => {
  bench = await startOpening();
});

after(() => bench.end());

test('a third part beside a signed one takes the whole signature away', async () => {
  const signature = await bench.sign(thunderbirdEntity);
  const inside = multipartSigned(thunderbirdEntity, signature)
    .toString('latin1')
    .replace(/--sig--/, '--sig\r\nContent-Type: text/plain\r\n\r\nnot signed\r\n--sig--');
  const result = await bench.opened(pgpMime(await bench.encrypt(Buffer.from(inside, 'latin1'))));
  assert.deepEqual(result.signature, { kind: 'none' });
});

test('a certificate in a mail in clear is not handed on: anybody could have put it there (A1)', async () => {
  const key = (await bench.people.gnupg.run(['--armor', '--export', addresses.reporter])).toString();
  const result = await bench.opened(mail([...outerHead, 'Content-Type: text/plain', '', 'my key:', key]));
  assert.deepEqual(result.enclosedCertificates, []);
});

test('mails bent at random are opened or refused, and the child lives through all of them', async () => {
  const seeds = [
    pgpMime(await bench.encrypt(thunderbirdEntity, ...signedBy(addresses.representative))),
    mail([...outerHead, 'Content-Type: text/plain', '', (await bench.encrypt('inline\n')).toString()]),
  ];
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat(300), fc.uint8Array({ maxLength: 4 })), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...seeds), edits, async (seed, changes) => {
      const bent = changes.reduce((raw, [place, cut, put]) => {
        const at = place % raw.length;
        return Buffer.concat([raw.subarray(0, at), put, raw.subarray(at + cut)]);
      }, seed);
      const result = await bench.open(bent.length > 0 ? bent : seed);
      assert.ok(!('kind' in result) || result.reason !== 'child-failed');
    }),
    { numRuns: 120 },
  );
});

test('encrypted to somebody else: unopenable at the root, listed as unopened when it is a part', async () => {
  const other = await bench.people.gnupg.run(
    ['--armor', '--encrypt', '--recipient', addresses.stranger],
    'x',
  );
  const whole = await bench.open(pgpMime(other));
  assert.equal('kind' in whole && whole.reason, 'not-for-us');
  assert.equal('kind' in whole && whole.outer?.subject, '...');
  const beside = await bench.opened(
    mail([...outerHead, 'Content-Type: text/plain', '', 'see below', other.toString()]),
  );
  assert.deepEqual(beside.encryption, { kind: 'none' });
  assert.equal(beside.unopened[0]?.reason, 'not-for-us');
});

test('K2: armour without an encrypted packet is clear text; armour without any packet is no encryption', async () => {
  const armoured = (bytes: Buffer) => [
    '-----BEGIN PGP MESSAGE-----',
    '',
    bytes.toString('base64'),
    '-----END PGP MESSAGE-----',
  ];
  const literal = Buffer.concat([Buffer.from([0xcb, 11, 0x62, 0, 0, 0, 0, 0]), Buffer.from('hello')]);
  const fake = await bench.opened(mail([...outerHead, 'Content-Type: text/plain', '', ...armoured(literal)]));
  assert.deepEqual(fake.encryption, { kind: 'none' });
  const dressed = await bench.opened(mail([...outerHead, ...encryptedParts('nothing encrypted here')]));
  assert.deepEqual(dressed.encryption, { kind: 'none' });
  const junk = armoured(Buffer.from('hello world'));
  const held = await bench.open(mail([...outerHead, 'Content-Type: text/plain', '', ...junk]));
  assert.ok(['damaged', 'none'].includes('kind' in held ? held.reason : held.encryption.kind));
});

test('EFAIL: a body without integrity protection is not opened', async (context) => {
  const armour = await bench.encrypt('old and soft', '--rfc2440', '--disable-mdc').catch(() => undefined);
  if (!armour) return context.skip('this GnuPG no longer writes such bodies');
  const result = await bench.open(pgpMime(armour));
  assert.equal('kind' in result && result.reason, 'damaged');
});

test('a bomb is not blown up: a few kilobytes that would become 100 MB are too large', async () => {
  const result = await bench.open(
    pgpMime(await bench.encrypt(Buffer.alloc(100 * 1024 * 1024, 0x61), '-z', '9')),
  );
  assert.equal('kind' in result && result.reason, 'too-large');
});

test('many files that name our key and are damaged: so many are tried, and the child is still believed', async () => {
  const whole = await bench.people.gnupg.run(['--encrypt', '--recipient', addresses.list], 'x'.repeat(500));
  whole.writeUInt8(whole.readUInt8(whole.length - 9) ^ 1, whole.length - 9);
  const part = [
    '--b',
    'Content-Type: application/octet-stream',
    'Content-Transfer-Encoding: base64',
    '',
    whole.toString('base64'),
  ];
  const result = await bench.opened(
    mail([
      ...outerHead,
      'Content-Type: multipart/mixed; boundary=b',
      '',
      ...new Array<string[]>(100).fill(part).flat(),
      '--b--',
    ]),
  );
  assert.equal(result.unopened.at(-1)?.reason, 'too-many');
  assert.equal(result.inner.length, 0);
});

test('a private key that a reporter encloses by mistake is left out, and the report is read', async () => {
  const secret = await bench.people.gnupg.run(['--armor', '--export-secret-keys', addresses.reporter]);
  const entity = mail([
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b\nContent-Type: text/plain\n\nsee my key\n',
    `--b\nContent-Type: application/pgp-keys; name="key.asc"\n\n${secret}\n--b--`,
    '',
  ]);
  const result = await bench.opened(pgpMime(await bench.encrypt(entity)));
  assert.match(result.text, /see my key/);
  assert.deepEqual(result.enclosedCertificates, []);
});

test('a certificate with a name of no person’s length, or with too many, is left out, and the report is read', async () => {
  for (const userIDs of [
    [{ name: 'x'.repeat(6_000) }],
    Array.from({ length: 150 }, (_, n) => ({ name: `n${n}` })),
  ]) {
    const { publicKey } = await generateKey({ userIDs, format: 'armored' });
    const entity = mail([
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b\nContent-Type: text/plain\n\nsee my key\n',
      `--b\nContent-Type: application/pgp-keys; name="key.asc"\n\n${publicKey}\n--b--`,
      '',
    ]);
    const result = await bench.opened(pgpMime(await bench.encrypt(entity)));
    assert.deepEqual(result.enclosedCertificates, []);
  }
});
