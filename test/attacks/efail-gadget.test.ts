import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createMessage, encrypt, generateSessionKey, readKey } from 'openpgp';
import { packetTag, readPackets, writePacket } from '../../src/adapters/openpgp/packets.ts';
import { armoured } from '../stand-ins/hostile-packets.ts';
import { attackersHead, type UnderAttack, underAttack } from '../stand-ins/under-attack.ts';

/**
 * Attack (EFAIL, gadgets): a captured ciphertext changed so that its clear text becomes what the attacker wants, with its
 * integrity protection broken, cut off or taken away. None of it is opened, not even in part; a person has it as it came.
 * Deeper: `opening-tools.test.ts` (a flipped bit, bodies without protection), `opener-hostile.test.ts`.
 */
let story: UnderAttack;
const canary = 'canary-gadget';

before(async () => {
  story = await underAttack();
});
after(() => story.close());

type Change = (body: Uint8Array) => Uint8Array;

/** The session-key packets as they were, and another body behind them. */
async function changed(change: Change): Promise<string> {
  const { packets } = readPackets(await encrypted(false), 10);
  const wrapped = packets.filter(({ tag }) => tag === packetTag.publicKeySessionKey).map(({ raw }) => raw);
  const body = packets.find(({ tag }) => tag === packetTag.integrityProtected)?.body;
  assert.ok(wrapped.length > 0 && body, 'a session key and a protected body');
  return armoured(Buffer.concat([...wrapped, change(body)]));
}

/** One packet each, uncompressed, without the signature's packets before the text: what a gadget needs. */
async function encrypted(aead: boolean): Promise<Uint8Array> {
  const list = await readKey({ binaryKey: await story.gpg.exportPublic('linux-distros@lists.example.org') });
  const content = `Content-Type: text/plain\r\n\r\n${canary} ${'filler '.repeat(100)}\r\n`;
  const sessionKey = await generateSessionKey({ encryptionKeys: list });
  const message = await createMessage({ binary: Buffer.from(content) });
  const whole: unknown = await encrypt({
    message,
    encryptionKeys: list,
    sessionKey: { ...sessionKey, ...(aead ? { aeadAlgorithm: 'ocb' as const } : {}) },
    format: 'binary',
  });
  assert.ok(whole instanceof Uint8Array);
  const [, last] = readPackets(whole, 10).packets;
  // RFC 9580 §5.13.2: behind the packet's header, which has two octets where the length comes in pieces.
  if (aead) assert.equal(last?.raw[2], 2, 'version 2 was asked for');
  return whole;
}

const seipd = (body: Uint8Array) => writePacket(packetTag.integrityProtected, body);

/** EFAIL §4: the first block is known (`Content-type…`), so whatever is wanted can be written by XOR. */
const gadget: Change = (body) => {
  const bytes = Uint8Array.from(body);
  for (const at of [40, 41, 42, 43]) bytes[at] = (bytes[at] ?? 0) ^ 0x21;
  return bytes;
};

const changes: Readonly<Record<string, Change>> = {
  'clear text rewritten by XOR in the ciphertext': (body) => seipd(gadget(body)),
  'the same, the body called one without integrity protection (tag 9)': (body) =>
    writePacket(packetTag.symmetricallyEncrypted, gadget(body).subarray(1)),
  'an untouched body called one without integrity protection': (body) =>
    writePacket(packetTag.symmetricallyEncrypted, body.subarray(1)),
  'the modification code cut off': (body) => seipd(body.subarray(0, -22)),
  'the modification code replaced': (body) =>
    seipd(Buffer.concat([body.subarray(0, -22), Buffer.alloc(22, 7)])),
  'a body called version 2 (AEAD)': (body) =>
    seipd(Buffer.concat([Uint8Array.of(2, 9, 2, 6), body.subarray(1)])),
  'two blocks of it exchanged': (body) =>
    seipd(
      Buffer.concat([body.subarray(0, 49), body.subarray(65, 81), body.subarray(49, 65), body.subarray(81)]),
    ),
};

for (const [name, change] of Object.entries(changes)) {
  test(`${name}: it is held, and its administrators have it unopened`, async () => {
    story.skipNews();
    const before = (await story.inbox('held')).length;
    await story.attack(`${attackersHead('[vs] captured')}\r\n${await changed(change)}`);
    assert.equal((await story.inbox('held')).length, before + 1);
    const held = await story.onlyNews(story.alice);
    assert.match(held.says('Why'), /encryption or structure is damaged/);
    assert.doesNotMatch(held.text, new RegExp(canary));
    assert.deepEqual(await story.news(story.bob), []);
  });

  test(`${name}, as a file beside a text: the text is read, the file stays closed`, async () => {
    story.skipNews();
    const parts = [
      '--m\r\nContent-Type: text/plain\r\n\r\nsee the file\r\n',
      `--m\r\nContent-Type: application/octet-stream; name="x.asc"\r\n\r\n${await changed(change)}\r\n--m--\r\n`,
    ];
    const head = attackersHead('[vs] captured', 'Content-Type: multipart/mixed; boundary="m"');
    await story.attack(`${head}\r\n${parts.join('')}`);
    const copy = await story.onlyNews(story.bob);
    assert.match(copy.text, /see the file/);
    assert.doesNotMatch(copy.text, new RegExp(canary));
    assert.match(copy.says('Opened'), /damaged/);
  });
}

test('a chunk of an AEAD body changed: held likewise', async () => {
  story.skipNews();
  const bytes = Uint8Array.from(await encrypted(true));
  bytes[bytes.length - 40] = (bytes[bytes.length - 40] ?? 0) ^ 1;
  await story.attack(`${attackersHead('[vs] captured')}\r\n${armoured(bytes)}`);
  const held = await story.onlyNews(story.alice);
  assert.doesNotMatch(held.text, new RegExp(canary));
  assert.deepEqual(await story.news(story.bob), []);
});

test('S/MIME, whose CBC has no protection at all, is nothing that we open', async () => {
  story.skipNews();
  const type = 'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"';
  await story.attack(
    `${attackersHead('hello', type, 'Content-Transfer-Encoding: base64')}\r\nMIAGCSqGSIb3DQEHA6CA\r\n`,
  );
  assert.ok((await story.onlyNews(story.alice)).says('Why'));
  assert.deepEqual(await story.news(story.bob), []);
});

test('honest reports are served as before', async () => {
  await story.stillServes();
  await story.end();
});
