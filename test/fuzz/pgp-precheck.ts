import assert from 'node:assert/strict';
import { encryptBody } from '../../src/adapters/openpgp/integrity-protected.ts';
import { openBody } from '../../src/adapters/openpgp/open-body.ts';
import { type Packet, packetTag, readPacket, readPackets } from '../../src/adapters/openpgp/packets.ts';
import { readArmorBlocks } from '../../src/adapters/openpgp/read-armor.ts';
import { keyIdOf, readEncrypted, wildcardKeyId } from '../../src/adapters/openpgp/read-encrypted.ts';
import { freshSessionKey } from '../../src/adapters/openpgp/session-key.ts';
import { armourCharset, findArmour } from '../../src/message/open/find-armour.ts';
import type { EncryptedMessage } from '../../src/message/open/opening-tools.ts';
import { instantFromMilliseconds } from '../../src/time/instant.ts';
import { type Fuzzer, lineJoints } from './fuzzer.ts';

/** A bomb of the corpus blows up to eight times this. */
const maximumBytes = 256 * 1024;
const now = instantFromMilliseconds(Date.UTC(2026, 10, 23, 12));

/**
 * What looks at OpenPGP before anything costly does: packets tile the bytes, session-key packets are capped and each
 * is one, armour gives back no more than it was; and any bytes at all, well encrypted to us, open within the limit.
 */
export const pgpPrecheck: Fuzzer = {
  name: 'pgp-precheck',
  largest: 300_000,
  atOnce: 1,
  dictionary: [
    '-----BEGIN PGP MESSAGE-----\r\n\r\n',
    '-----BEGIN PGP MESSAGE, PART 01/02-----\n\n',
    '-----END PGP MESSAGE-----\r\n',
    '-----BEGIN PGP PUBLIC KEY BLOCK-----\r\n\r\n',
    '-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA512\r\n\r\n',
    '-----BEGIN PGP ',
    'Charset: koi8-r\r\n',
    'Version: x\r\n',
    '=AAAA\r\n',
    '\xe2\x80\xa8',
    // Headers of packets: PKESK, SKESK, SEIPD, compressed, literal, marker, padding; definite, partial, endless.
    '\xc1\x0a',
    '\xc1\xff\xff\xff\xff\xff',
    '\x85\x01\x0c\x03\x00\x00\x00\x00\x00\x00\x00\x00\x12',
    '\xc1\x1d\x03\x01\x23\x45\x67\x89\xab\xcd\xef\x12',
    '\xc3\x04\x04\x09\x00\x08',
    '\xd2\xe0\x01',
    '\xd2\x02\x01\x00',
    '\xa3\x01',
    '\xa3\x02',
    '\xa3\x03',
    '\xc8\x03\x01\x03\x00',
    '\xcb\x0bb\x00\x00\x00\x00\x00hello',
    '\xca\x03PGP',
    '\xd5\x02\x00\x00',
    '\xe8\x00',
    '\xc2\x0a\x04\x00\x16\x08\x00\x00\x00\x00\x00\x00',
    '\xc4\x0d\x03\x00\x08\x01\x01\x23\x45\x67\x89\xab\xcd\xef\x01',
  ],
  joints: packetJoints,
  start: async () => {
    const sessionKey = freshSessionKey();
    return {
      check: async (input) => {
        checkPackets(input);
        checkArmour(input);
        const read = readEncrypted(input);
        if (read.kind === 'encrypted') checkEncrypted(read);
        const body = encryptBody(sessionKey, [input]);
        const opened = await openBody({ body, sessionKey, certificates: [], now, maximumBytes });
        assert.ok(opened.kind === 'problem' || opened.data.length <= maximumBytes, 'opened beyond the limit');
        const foreign = read.kind === 'encrypted' ? read.body : input;
        const other = await openBody({ body: foreign, sessionKey, certificates: [], now, maximumBytes });
        assert.equal(other.kind, 'problem', 'what nobody sealed to us was opened');
      },
      stop: async () => undefined,
    };
  },
};

function packetJoints(input: Uint8Array): readonly number[] {
  const { packets } = readPackets(input, 1_000);
  const starts = packets.map(({ raw }) => raw.byteOffset - input.byteOffset);
  return packets.length > 0 ? starts : lineJoints(input);
}

function checkPackets(input: Uint8Array): void {
  const { packets, complete } = readPackets(input, 2_000);
  let at = 0;
  for (const { raw, body, tag } of packets) {
    assert.ok(raw.length > 0 && tag >= 0 && tag < 64);
    assert.equal(raw.byteOffset - input.byteOffset, at, 'packets tile the bytes');
    at += raw.length;
    assert.ok(body === undefined || body.length < raw.length, 'a packet has no header');
    const again = readPacket(raw, 0);
    assert.deepEqual([again?.tag, again?.raw.length, again?.body?.length], [tag, raw.length, body?.length]);
  }
  assert.ok(at <= input.length && (!complete || at === input.length));
}

function checkEncrypted({ sessionKeyPackets, body }: EncryptedMessage): void {
  assert.ok(sessionKeyPackets.length <= 1_088, 'more session-key packets than the limit');
  const wildcards = sessionKeyPackets.filter(({ keyId }) => keyId === wildcardKeyId);
  assert.ok(wildcards.length <= 2, 'more wildcards than the limit');
  for (const { keyId, bytes } of sessionKeyPackets) {
    const packet: Packet | undefined = readPacket(bytes, 0);
    assert.ok(packet && packet.raw.length === bytes.length && bytes.length <= 4_102, 'no single packet');
    assert.deepEqual([packet.tag, keyIdOf(packet)], [packetTag.publicKeySessionKey, keyId]);
    assert.match(keyId, /^[0-9A-F]{16}$/);
  }
  const data = readPacket(body, 0);
  assert.equal(data?.raw.length, body.length, 'the body is more than one packet');
  assert.ok([9, 18, 20].includes(data?.tag ?? -1));
  const joined = Buffer.concat([...sessionKeyPackets.map(({ bytes }) => bytes), body]);
  const again = readEncrypted(Uint8Array.from(joined));
  assert.ok(again.kind === 'encrypted' && again.sessionKeyPackets.length === sessionKeyPackets.length);
  assert.equal(Buffer.compare(again.body, body), 0);
}

function checkArmour(input: Uint8Array): void {
  const blocks = readArmorBlocks(input);
  assert.ok(blocks.length <= 256, 'more blocks than the limit');
  assert.ok(blocks.reduce((sum, { bytes }) => sum + bytes.length, 0) <= input.length, 'more bytes than came');
  for (const { type } of blocks) assert.ok(type.length <= 80 && !type.includes('\n'), 'a type without end');
  const text = Buffer.from(input).toString('utf8');
  for (const kind of ['MESSAGE', 'SIGNED MESSAGE', 'PUBLIC KEY BLOCK'] as const) {
    const found = findArmour(text, kind);
    assert.ok(found.blocks.length <= 50);
    const pieces = [...found.blocks, found.around ?? ''];
    assert.ok(pieces.reduce((sum, piece) => sum + piece.length, 0) <= text.length, 'more text than came');
    let from = 0;
    for (const block of found.blocks) {
      const at = text.indexOf(block, from);
      assert.ok(at >= from, 'blocks stand in the text, one after the other');
      from = at + block.length;
      assert.deepEqual(findArmour(block, kind), { blocks: [block], around: undefined });
      assert.ok((armourCharset(block) ?? '').length <= 64);
    }
  }
}
