import assert from 'node:assert/strict';
import { textOfEntity } from '../../src/mail/entity-text.ts';
import {
  type Entity,
  maximumDepth,
  maximumFieldsInAll,
  maximumParts,
  splitEntity,
  walk,
} from '../../src/mail/split-entity.ts';
import { decodeTransfer } from '../../src/mail/transfer-encoding.ts';
import { type Fuzzer, lineJoints } from './fuzzer.ts';
import { type HonestChild, sealed, startHonestChild } from './honest-child.ts';

/**
 * The MIME splitter: whatever comes, a tree whose offsets tile the mail or a named problem; a part split by itself is
 * what it was in its mail; nothing decodes to more than it was; an honest child's word about any of it is believed.
 */
export const mimeSplitter: Fuzzer = {
  name: 'mime-splitter',
  largest: 300_000,
  atOnce: 1,
  dictionary: [
    'Content-Type: multipart/mixed; boundary="b"\r\n',
    'Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\n',
    'Content-Type: message/rfc822\r\n\r\n',
    'Content-Type: multipart/signed; protocol="application/pgp-signature"; boundary=b\r\n',
    'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b\r\n',
    'Content-Transfer-Encoding: base64\r\n',
    'Content-Transfer-Encoding: quoted-printable\r\n',
    "Content-Disposition: attachment; filename*0*=utf-8''%2e%2e%2f; filename*1=x\r\n",
    'Content-Type: text/html; charset=utf-16le\r\n',
    'Content-Type: text/plain; format=flowed; delsp=yes; charset="=?x?"\r\n',
    'Content-Type: application/pgp-keys\r\n\r\n-----BEGIN PGP PUBLIC KEY BLOCK-----\r\n\r\n',
    'Autocrypt: addr=a@b.example; keydata=\r\n',
    'protected-headers="v1"',
    'hp="cipher"',
    'hp-legacy-display=1',
    '-----BEGIN PGP MESSAGE-----\r\n\r\n',
    '-----END PGP MESSAGE-----\r\n',
    '-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA512\r\n\r\n',
    '\r\n--b\r\n',
    '\r\n--b--\r\n',
    '--b',
    '\r\n\r\n',
    '\r\nFrom nobody\r\n',
    ' ;x="',
    '=?utf-8?q?=00=0d=0a?=',
    "name*=utf-8''%0d%0a",
  ],
  joints: lineJoints,
  start: async () => {
    const child = await startHonestChild();
    return {
      check: async (input) => {
        checkSplitting(input);
        // In clear, and inside an encryption, where certificates, a header and further encrypted parts are looked for.
        for (const mail of [input, sealed(input)]) await checkOpening(mail, child);
      },
      stop: child.stop,
    };
  },
};

async function checkOpening(mail: Uint8Array, child: HonestChild): Promise<void> {
  const opened = await child.open(mail);
  assert.ok(!('kind' in opened && opened.reason === 'child-failed'), 'an honest child was not believed');
}

function checkSplitting(raw: Uint8Array): void {
  const split = splitEntity(raw);
  if (split.kind === 'problem') return;
  const all = walk(split.entity);
  assert.ok(all.length <= 1 + maximumParts, 'more parts than the limit');
  assert.ok(
    all.reduce((sum, entity) => sum + entity.fields.length, 0) <= maximumFieldsInAll,
    'too many fields',
  );
  assert.deepEqual([split.entity.start, split.entity.end], [0, raw.length], 'the root is the whole mail');
  for (const entity of all) {
    checkEntity(raw, entity);
    checkContents(entity);
  }
  // The tree of each part splits alike by itself; of many parts, the first and the last few.
  for (const entity of [...all.slice(1, 20), ...all.slice(-5)]) checkAgain(entity);
}

function checkEntity(raw: Uint8Array, entity: Entity): void {
  const { start, bodyStart, end, fields, children } = entity;
  assert.ok(start <= bodyStart && bodyStart <= end, 'an entity’s offsets ascend');
  assert.ok(entity.depth <= maximumDepth, 'deeper than the limit');
  assert.ok(
    sameBytes(entity.bytes, raw.subarray(start, end)) && sameBytes(entity.body, raw.subarray(bodyStart, end)),
  );
  for (const [index, field] of fields.entries()) {
    const next = fields[index + 1];
    if (next) assert.equal(field.end, next.start, 'fields tile the header');
    assert.ok(field.start >= start && field.end <= bodyStart, 'a field lies in its header');
  }
  let from = bodyStart;
  for (const child of children) {
    assert.ok(child.start >= from && child.end <= end, 'parts lie in their parent, one after the other');
    assert.equal(child.depth, entity.depth + 1);
    from = child.end;
  }
}

function checkContents(entity: Entity): void {
  const decoded = decodeTransfer(entity.body, entity.transferEncoding);
  assert.ok(decoded.length <= entity.body.length, 'decoding made more of it');
  const { fileName } = entity;
  assert.ok(
    fileName === undefined || (fileName.length <= 255 && !/[/\\]/.test(fileName)),
    'a name leads somewhere',
  );
  if (entity.children.length === 0) assert.ok(textOfEntity(entity).length <= entity.body.length);
}

function checkAgain(entity: Entity): void {
  const again = splitEntity(entity.bytes);
  assert.ok(again.kind === 'entity', 'a part of a mail that was split cannot be split');
  // In a digest a part without a type is a message (RFC 2046 §5.1.5); by itself it is text.
  if (again.entity.contentType.value !== entity.contentType.value) return;
  assert.deepEqual(shape(again.entity, 0), shape(entity, entity.start), 'split by itself it is another');
}

function shape(root: Entity, from: number): readonly (readonly [number, number, number, number])[] {
  return walk(root).map(({ start, bodyStart, end, depth }) => [
    start - from,
    bodyStart - from,
    end - from,
    depth - root.depth,
  ]);
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}
