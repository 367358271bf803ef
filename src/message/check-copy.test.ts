import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyholderWord, sha256 } from '../../test/stand-ins/keyholder-word.ts';
import {
  type CopyContent,
  contentOf,
  copiesFor,
  type StandInBody,
  sealedBody,
  sessionKeyPacket,
} from '../../test/stand-ins/sealed-copy.ts';
import { packetTag, writePacket } from '../adapters/openpgp/packets.ts';
import type { Address } from '../mail/address.ts';
import { joinBytes } from '../mail/bytes.ts';
import { instantFromMilliseconds } from '../time/instant.ts';
import { checkCopy, readBody, readPermit } from './check-copy.ts';
import type { OutboxRow, Permit, ReaderRow } from './ports.ts';

const word = keyholderWord();
const now = instantFromMilliseconds(1_795_000_000_000);
const tools = { verify: word.verify, sha256 };
const foreignKey = 'F'.repeat(16);

type Case = {
  row: OutboxRow;
  content: CopyContent;
  permit: Permit | undefined;
  reader: ReaderRow | undefined;
  body: StandInBody;
};

/** A good copy, changed by one hand; unless told otherwise the keyholder itself signs the changed one. */
function check(change: (good: Case) => Partial<Case>, options: { signed?: boolean } = {}) {
  const body = sealedBody(600, now);
  const { rows, permit, readers } = copiesFor(word, body, ['bob@member.example'], now);
  const row = rows[0];
  assert.ok(row && row.content.kind === 'copy');
  const good: Case = { row, content: row.content, permit, reader: readers[0], body };
  const changed = { ...good, ...change(good) };
  const changedRow = { ...changed.row, content: changed.content };
  const { alignment } = changed.content;
  const parts = {
    id: changed.body.id,
    alignment,
    envelopeHead: changed.body.envelopeHead,
    tail: changed.body.tails[alignment],
    envelopeEnd: changed.body.envelopeEnd,
  };
  const signed =
    options.signed === false ? changed.permit : word.permit(changedRow.permitId, [changedRow], [parts]);
  return checkCopy(
    {
      row: changedRow,
      content: changed.content,
      permit: signed && readPermit(signed, tools),
      reader: changed.reader,
      body: readBody(parts, tools),
    },
    tools,
  );
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
const bytes = (content: string) => new Uint8Array(Buffer.from(content, 'latin1'));

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

const withTails =
  (change: (tail: string) => string) =>
  ({ body }: Case) => {
    const [zero, one, two] = body.tails;
    const changed = (tail: Uint8Array) => bytes(change(text(tail)));
    return { body: { ...body, tails: [changed(zero), changed(one), changed(two)] as const } };
  };

test('body: clear text in the tail, another packet after it, a packet cut short, or no encrypted packet', () => {
  assert.equal(check(withTails((tail) => `${tail}the flaw is in\r\n`)), 'body-unframed');
  assert.equal(check(withTails((tail) => tail.replace('\r\n', '\r\n\r\n'))), 'body-unframed');
  assert.equal(check(withTails((tail) => tail.replaceAll('\r\n', '\n'))), 'body-unframed');
  assert.equal(check(withTails((tail) => tail.replaceAll('\r\n', ''))), 'body-unframed');
  assert.equal(check(withTails((tail) => `${'A'.repeat(64)}\r\n${tail}`)), 'body-unframed');
  assert.equal(check(withTails((tail) => tail.slice(66))), 'body-unframed');
  assert.equal(check(withTails(() => '')), 'body-unframed');
  const clear = ({ content, body }: Case) => {
    const packet = writePacket(
      packetTag.literal,
      bytes('b\0\0\0\0\0the flaw is in this'),
      new Uint8Array(600),
    );
    const tails = [0, 1, 2].map((from) =>
      bytes(`${Buffer.from(packet.subarray(from)).toString('base64')}\r\n`),
    );
    const other = {
      ...body,
      packet,
      tails: [tails[0], tails[1], tails[2]] as unknown as StandInBody['tails'],
    };
    return {
      body: other,
      content: contentOf(other, content.readerId, content.keyIds, sessionKeyPacket(content.keyIds[0] ?? '')),
    };
  };
  assert.equal(check(clear), 'body-unframed');
});

const withEnvelope =
  (change: (head: string, end: string) => readonly [string, string]) =>
  ({ body }: Case) => {
    const [head, end] = change(text(body.envelopeHead), text(body.envelopeEnd));
    return { body: { ...body, envelopeHead: bytes(head), envelopeEnd: bytes(end) } };
  };

test('envelope: anything but RFC 3156 §4 around the ciphertext is held', () => {
  const held = (change: (head: string, end: string) => readonly [string, string]) =>
    check(withEnvelope(change));
  const plain = (head: string, end: string) =>
    [head.replace('multipart/encrypted', 'multipart/mixed'), end] as const;
  assert.equal(held(plain), 'not-multipart-encrypted');
  assert.equal(
    held((head, end) => [head.replace('application/pgp-encrypted"', 'application/other"'), end]),
    'not-multipart-encrypted',
  );
  assert.equal(
    held((head, end) => [head.replace('MIME-Version', 'Content-Type: text/plain\r\nMIME-Version'), end]),
    'not-multipart-encrypted',
  );
  assert.equal(
    held((head, end) => [head.replace('\r\n\r\n', '\r\n\r\nThe flaw is in\r\n'), end]),
    'clear-text-around',
  );
  assert.equal(
    held((head, end) => [head.replace('\r\nVersion: 1', '\r\nVersion: 1\r\nThe flaw is in'), end]),
    'clear-text-around',
  );
  assert.equal(
    held((head, end) => [head.replace('MESSAGE-----\r\n', 'MESSAGE-----\r\nComment: flaw\r\n'), end]),
    'clear-text-around',
  );
  assert.equal(
    held((head, end) => [head, `${end}The flaw is in\r\n`]),
    'clear-text-around',
  );
  assert.equal(
    held((head, end) => [head, end.replace('--b1--', '--b1\r\n\r\nThe flaw\r\n--b1--')]),
    'clear-text-around',
  );
  assert.equal(
    held((head, end) => [head, end.replace('--b1--', '--b2--')]),
    'clear-text-around',
  );
  assert.equal(
    held((head, end) => [head.replace('application/octet-stream', 'text/plain'), end]),
    'clear-text-around',
  );
  assert.equal(
    held((head, end) => [head.replace('VS-2026', '\r\n.\r\nMAIL'), end]),
    'unsafe-bytes',
  );
  assert.equal(
    held((head, end) => [head.replace('\r\n', '\n'), end]),
    'unsafe-bytes',
  );
  assert.equal(
    held((head, end) => [head.replace('Alice', 'Ali\0ce'), end]),
    'unsafe-bytes',
  );
  assert.equal(
    held((head, end) => [head, end.slice(0, -2)]),
    'unsafe-bytes',
  );
  assert.equal(
    held(() => ['', '']),
    'unsafe-bytes',
  );
});

test('the checksum line is four digits and cannot carry words', () => {
  for (const checksum of ['', '=abc', 'abcde', '=abcd\r\nThe flaw is in', '=ab.d']) {
    assert.equal(
      check(({ content }) => ({ content: { ...content, checksum } })),
      'checksum-malformed',
      checksum,
    );
  }
});
