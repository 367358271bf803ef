import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes, type Case, check, foreignKey, now, word } from '../../../test/stand-ins/changed-copy.ts';
import { keyholderWord } from '../../../test/stand-ins/keyholder-word.ts';
import { contentOf, sealedBody, sessionKeyPacket } from '../../../test/stand-ins/sealed-copy.ts';
import { packetTag, writePacket } from '../../adapters/openpgp/packets.ts';
import type { Address } from '../../mail/address.ts';
import { joinBytes } from '../../mail/bytes.ts';
import type { ReaderRow } from '../ports.ts';

test('a copy as the keyholder makes it passes, in every alignment', () => {
  assert.equal(
    check(() => ({})),
    undefined,
  );
  assert.equal(
    check(() => ({}), { signed: false }),
    undefined,
  );
  for (const filler of [40, 41, 42]) {
    const changed = ({ body, content }: Case) => ({
      content: contentOf(
        body,
        content.readerId,
        content.keyIds,
        sessionKeyPacket(content.keyIds[0] ?? '', filler),
      ),
    });
    assert.equal(check(changed), undefined, String(filler));
  }
});

test('large bodies with two and five octets of length pass too', () => {
  for (const size of [100, 1000, 20_000]) {
    const large = ({ content }: Case) => {
      const body = sealedBody(size, now);
      return {
        body,
        content: contentOf(body, content.readerId, content.keyIds, sessionKeyPacket(content.keyIds[0] ?? '')),
      };
    };
    assert.equal(check(large), undefined, String(size));
  }
});

test('permission: absent, forged, of another row, another body or another permit', () => {
  const stranger = keyholderWord();
  assert.equal(
    check(() => ({ permit: undefined }), { signed: false }),
    'permit-missing',
  );
  assert.equal(
    check(({ row }) => ({ permit: stranger.permit(row.permitId, [row]) }), { signed: false }),
    'permit-forged',
  );
  assert.equal(
    check(({ row }) => ({ permit: word.permit(row.permitId, []) }), { signed: false }),
    'row-not-permitted',
  );
  assert.equal(
    check(({ row }) => ({ permit: word.permit('other', [row]) }), { signed: false }),
    'permit-missing',
  );
  assert.equal(
    check(({ row }) => ({ permit: word.permit(row.permitId, [row]) }), { signed: false }),
    'body-not-permitted',
  );
  const redirected = ({ row }: Case) => ({ row: { ...row, recipient: 'eve@evil.example' as Address } });
  assert.equal(check(redirected, { signed: false }), 'row-not-permitted');
  const otherBody = () => ({ body: sealedBody(600, now) });
  assert.equal(check(otherBody, { signed: false }), 'body-not-permitted');
});

test('reader: unknown, forged, suspended, removed, at another address, or with other keys by now', () => {
  const changed = (change: Partial<ReaderRow>) => (good: Case) => {
    assert.ok(good.reader);
    return { reader: word.reader({ ...good.reader, ...change }) };
  };
  assert.equal(
    check(() => ({ reader: undefined })),
    'reader-missing',
  );
  assert.equal(check(changed({ id: 'somebody-else' })), 'reader-missing');
  assert.equal(
    check(({ reader }) => ({ reader: reader && { ...reader, encryptionKeyIds: [foreignKey] } })),
    'reader-forged',
  );
  assert.equal(check(changed({ standing: 'suspended' })), 'reader-not-active');
  assert.equal(check(changed({ standing: 'removed' })), 'reader-not-active');
  assert.equal(check(changed({ address: 'bob@elsewhere.example' as Address })), 'reader-moved');
  assert.equal(check(changed({ encryptionKeyIds: [foreignKey] })), 'reader-key-not-current');
});

const withPackets =
  (make: (keyId: string, good: Case) => Uint8Array, keyIds?: readonly string[]) => (good: Case) => ({
    content: contentOf(
      good.body,
      good.content.readerId,
      keyIds ?? good.content.keyIds,
      make(good.content.keyIds[0] ?? '', good),
    ),
  });

test('packets: for another reader, for an extra one, twice, wildcard, symmetric, or none at all', () => {
  const foreign = sessionKeyPacket(foreignKey);
  assert.equal(check(withPackets(() => foreign)), 'key-not-named');
  assert.equal(check(withPackets((id) => joinBytes(sessionKeyPacket(id), foreign))), 'key-not-named');
  assert.equal(
    check(withPackets((id) => joinBytes(sessionKeyPacket(id), sessionKeyPacket(id)))),
    'key-not-named',
  );
  assert.equal(
    check(withPackets((id) => joinBytes(sessionKeyPacket(id), sessionKeyPacket('0'.repeat(16))))),
    'wildcard-key',
  );
  const symmetric = writePacket(packetTag.symmetricSessionKey, Uint8Array.of(4, 9, 0, 8), new Uint8Array(9));
  assert.equal(check(withPackets((id) => joinBytes(symmetric, sessionKeyPacket(id)))), 'symmetric-packet');
  assert.equal(check(withPackets((id) => joinBytes(sessionKeyPacket(id), symmetric))), 'symmetric-packet');
  assert.equal(check(withPackets(() => new Uint8Array())), 'head-not-base64');
  assert.equal(check(withPackets((id) => sessionKeyPacket(id, 45, 6))), 'unexpected-packet');
  const literal = writePacket(packetTag.literal, bytes('b\0\0\0\0\0the flaw is in'), new Uint8Array());
  assert.equal(check(withPackets((id) => joinBytes(sessionKeyPacket(id), literal))), 'unexpected-packet');
  const second = writePacket(packetTag.integrityProtected, Uint8Array.of(1), new Uint8Array(30));
  assert.equal(check(withPackets((id) => joinBytes(sessionKeyPacket(id), second))), 'unexpected-packet');
});

test('packets: a key that the row names without having it, and a row that names none', () => {
  const two = (good: Case) => {
    assert.ok(good.reader);
    const encryptionKeyIds = [...good.content.keyIds, foreignKey];
    return {
      reader: word.reader({ ...good.reader, encryptionKeyIds }),
      content: { ...good.content, keyIds: encryptionKeyIds },
    };
  };
  assert.equal(check(two), 'key-missing');
  assert.equal(check(withPackets((id) => sessionKeyPacket(id), [])), 'key-not-named');
});
