import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Gnupg, makeGnupg } from '../../../test/stand-ins/gnupg.ts';
import { instantFromMilliseconds } from '../../time/instant.ts';
import { generateKey } from './private/generate-key.ts';
import { openAtRest } from './private/open-at-rest.ts';
import { createDoorSealer } from './seal-at-door.ts';

const now = instantFromMilliseconds(Math.floor(Date.now() / 1000) * 1000);
const sealAtDoor = createDoorSealer();

describe('mail sealed at the door', () => {
  let gnupg: Gnupg;
  before(async () => {
    gnupg = await makeGnupg();
  });
  after(() => gnupg.remove());

  test('is opened with the storage key, for every size, and with no other', async () => {
    const { key } = await generateKey({ name: 'storage 2026-11' }, now);
    const other = await generateKey({ name: 'storage 2026-12' }, now);
    for (const size of [0, 1, 185, 186, 191, 192, 8_377, 8_378, 8_384, 70_000, 3_000_000]) {
      const plain = new Uint8Array(size).fill(0x41);
      const sealed = await sealAtDoor(plain, key.certificate.bytes, now);
      assert.equal(Buffer.compare(openAtRest(sealed, key), plain), 0, `${size} bytes`);
      assert.throws(() => openAtRest(sealed, other.key), { code: 'not-for-this-key' });
    }
  });

  test('is refused, or is what it was, whichever bit of it changes', async () => {
    const { key } = await generateKey({ name: 'storage' }, now);
    const plain = Buffer.from('From: a@example.org');
    const sealed = await sealAtDoor(plain, key.certificate.bytes, now);
    // What follows the body packet's header: version, prefix, literal packet, digest.
    const start = sealed.length - (1 + 18 + 8 + plain.length + 22);
    for (let bit = 0; bit < sealed.length * 8; bit += 3) {
      const changed = Uint8Array.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const inBody = bit >> 3 >= start;
      // A point of Curve25519 has bits that mean nothing; the body has none.
      if (inBody) assert.throws(() => openAtRest(changed, key), { code: 'damaged' });
      else
        assert.ok(
          refuses(() => openAtRest(changed, key), plain),
          `bit ${bit}`,
        );
    }
  });

  test('can be opened by GnuPG, given the secret key', async () => {
    const { key, secret } = await generateKey({ name: 'storage' }, now);
    await gnupg.importKey(secret);
    const sealed = await sealAtDoor(Buffer.from('kept'), key.certificate.bytes, now);
    const result = await gnupg.decrypt(sealed);
    assert.equal(Buffer.from(result.stdout).toString(), 'kept', result.stderr);
    assert.ok(result.status.includes('GOODMDC'));
  });

  test('is refused when there is no certificate to seal to', async () => {
    await assert.rejects(sealAtDoor(Buffer.from('x'), new Uint8Array(0), now), {
      code: 'no-usable-certificate',
    });
  });
});

function refuses(open: () => Uint8Array, plain: Uint8Array): boolean {
  try {
    return Buffer.compare(open(), plain) === 0;
  } catch (error) {
    return error instanceof Error && 'code' in error;
  }
}
