import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes, type Case, check, text } from '../../../test/stand-ins/changed-copy.ts';
import { contentOf, type StandInBody, sessionKeyPacket } from '../../../test/stand-ins/sealed-copy.ts';
import { packetTag, writePacket } from '../../adapters/openpgp/packets.ts';

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
