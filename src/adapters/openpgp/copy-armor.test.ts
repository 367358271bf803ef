import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { unarmor } from 'openpgp';
import { armorLines, armorTails, joinHead, seamOf, unarmorLines } from './copy-armor.ts';
import { crc24, crc24Join, crc24Part, crc24Shift } from './crc24.ts';

/** CRC24 as RFC 9580 §6.1.1 spells it out, bit by bit. */
function slowCrc24(bytes: Uint8Array): number {
  let crc = 0xb704ce;
  for (const byte of bytes) {
    crc ^= byte << 16;
    for (let i = 0; i < 8; i++) {
      crc <<= 1;
      if ((crc & 0x1000000) !== 0) crc ^= 0x1864cfb;
    }
  }
  return crc & 0xffffff;
}

const anyBytes = fc.uint8Array({ maxLength: 700 });
const body = fc.uint8Array({ minLength: 3, maxLength: 700 });

test('the table-driven checksum equals the one of RFC 9580, for every length', () => {
  fc.assert(fc.property(anyBytes, (bytes) => crc24(bytes) === slowCrc24(bytes)));
});

test('a checksum joined from two parts equals that of the whole', () => {
  fc.assert(
    fc.property(anyBytes, anyBytes, (head, tail) => {
      const joined = crc24Join(crc24(head), crc24Part(tail), crc24Shift(tail.length));
      return joined === slowCrc24(Buffer.concat([head, tail]));
    }),
  );
});

test('the lines of a large body are those of its whole base64', () => {
  const step = 48 * 1024;
  for (const length of [step - 1, step, step + 1, 3 * step + 17]) {
    const bytes = randomBytes(length);
    const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
    assert.equal(Buffer.from(armorLines(bytes)).toString(), `${lines.join('\r\n')}\r\n`);
  }
});

test('head, tail and checksum line are one valid armour for openpgp.js, at every alignment', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), body, async (packets, shared) => {
      const { head, alignment, checksum } = joinHead(packets, seamOf(shared));
      const text = [
        '-----BEGIN PGP MESSAGE-----\r\n\r\n',
        Buffer.from(head).toString(),
        Buffer.from(armorTails(shared)[alignment]).toString(),
        `${checksum}\r\n-----END PGP MESSAGE-----\r\n`,
      ].join('');
      const read = await unarmor(text);
      assert.ok(read.data instanceof Uint8Array);
      assert.deepEqual(Buffer.from(read.data), Buffer.concat([packets, shared]));
    }),
  );
});

test('every line is at most 64 characters of base64 and CRLF, so no line can begin with a dot', () => {
  fc.assert(
    fc.property(body, (shared) => {
      for (const tail of armorTails(shared)) {
        assert.match(Buffer.from(tail).toString('latin1'), /^(?:[A-Za-z0-9+/]{1,64}={0,2}\r\n)*$/);
      }
      assert.deepEqual(Buffer.from(unarmorLines(armorTails(shared)[0])), Buffer.from(shared));
    }),
  );
});
