import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FormatStory, formatStory } from '../stand-ins/format-story.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { splitParts } from '../stand-ins/own-reader.ts';
import {
  attachment,
  bytes,
  clearSigned,
  crlf,
  head,
  multipart,
  signedEntity,
  utf8,
} from '../stand-ins/report-formats.ts';

/** Reports in clear, tagged [vs]: passed on encrypted, byte for byte, the author's signature as good as it came. */
type Story = Readonly<Pick<FormatStory, 'list' | 'alice' | 'robin'>>;
type Format = Readonly<{
  id: string;
  name: string;
  from: (story: Story) => Person;
  /** Content-* fields, a blank line, the body: what copies carry. */
  entity: (story: Story) => Promise<string>;
  signature: RegExp;
}>;

const alice = (story: Story) => story.alice;
const robin = (story: Story) => story.robin;
const none = /^Signature: +none\n/m;
const good = /^Signature: +good, by alice@debian\.example \(Debian\) key OF-ALICE,? made 20/m;
const fields = (...lines: readonly string[]) => crlf(...lines, '');
const trailing = crlf(
  'libfoo: a heap overflow.  ',
  '',
  'From here on, it reads too far.\t',
  '.',
  '..',
  '- dash',
);

const formats: readonly Format[] = [
  {
    id: 'bare',
    name: 'text without any MIME',
    from: robin,
    entity: async () => `\r\n${trailing}`,
    signature: none,
  },
  {
    id: 'latin1',
    name: 'text in latin1, 8bit, with every high byte',
    from: robin,
    entity: async () =>
      `${fields('Content-Type: text/plain; charset=iso-8859-1', 'Content-Transfer-Encoding: 8bit')}${crlf(
        Array.from({ length: 96 }, (_, index) => String.fromCharCode(160 + index)).join(''),
      )}`,
    signature: none,
  },
  {
    id: 'quoted',
    name: 'text in quoted-printable with soft line ends',
    from: robin,
    entity: async () =>
      `${fields('Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: quoted-printable')}${crlf('Gr=C3=B6=', '=C3=9Fe =3D 0xff=20')}`,
    signature: none,
  },
  {
    id: 'attached',
    name: 'text with attachments, preamble and epilogue',
    from: robin,
    entity: async () => {
      const parts = [
        `${fields('Content-Type: text/plain')}${trailing}`,
        attachment('fix.patch', Buffer.from('--- a\n+++ b\n'), 'text/x-patch'),
        attachment('größe.bin'.replace(/[^ -~]/g, '_'), Buffer.from([0, 13, 10, 46, 255])),
      ];
      const entity = multipart('mixed', parts).replace(
        '\r\n\r\n',
        '\r\n\r\nA preamble that nobody shows.\r\n',
      );
      return `${entity}An epilogue.\r\n`;
    },
    signature: none,
  },
  {
    id: 'clear-signed',
    name: 'text clear-signed by a member (RFC 9580 §7)',
    from: alice,
    entity: async ({ list, alice: author }) =>
      `${fields('Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit')}${await clearSigned(
        list,
        crlf('- a dash first', utf8('Größe'), 'libfoo: a heap overflow.'),
        author,
      )}`,
    signature: good,
  },
  {
    id: 'signed',
    name: 'multipart/signed by a member (RFC 3156 §5)',
    from: alice,
    entity: ({ list, alice: author }) =>
      signedEntity(list, `${fields('Content-Type: text/plain')}${trailing}`, author),
    signature: good,
  },
  {
    id: 'signed-by-stranger',
    name: 'multipart/signed by a stranger',
    from: robin,
    entity: ({ list, robin: author }) =>
      signedEntity(list, `${fields('Content-Type: text/plain')}${trailing}`, author),
    signature: /^Signature: +by key [0-9A-F]{16}, which we do not know$/m,
  },
];

let story: FormatStory;
const entities = new Map<string, string>();
const forgedText = `${fields('Content-Type: text/plain')}the signed words\r\n`;

before(async () => {
  story = await formatStory();
  const mails = [];
  for (const { id, from, entity } of formats) {
    const content = await entity(story);
    entities.set(id, content);
    const subject = `[vs] libfoo: a flaw, told ${id}`;
    mails.push({ from: from(story).address, raw: `${head(id, from(story), subject)}${content}` });
  }
  const forged = (await signedEntity(story.list, forgedText, story.alice)).replace(
    'signed words',
    'other words',
  );
  mails.push({ from: 'm@mallory.example', raw: `${head('forged', story.alice, '[vs] forged')}${forged}` });
  mails.push({
    from: story.robin.address,
    raw: `${head('untagged', story.robin, 'buy libfoo')}\r\n${trailing}`,
  });
  await story.tell(mails);
});
after(() => story.close());

for (const { id, name, signature } of formats) {
  test(`${name}: both members have it encrypted, byte for byte`, async () => {
    for (const reader of ['alice@debian.example', 'bob@suse.example'] as const) {
      const copy = await story.copy(reader, id);
      assert.deepEqual(copy.parts, [bytes(entities.get(id) ?? '')]);
      assert.match(copy.ourPart, signature);
      assert.match(copy.ourPart, /^Received: .*Z, in clear$/m);
      // FIELD §2: what travelled in clear says so, inside; outside nothing of it is seen again.
      assert.match(copy.header, new RegExp(`^Subject: \\[vs-plain\\] libfoo: a flaw, told ${id}$`, 'm'));
      assert.doesNotMatch(copy.outside, /libfoo|heap|told/);
    }
  });
}

test('the signatures of a member verify with gpg in the copies', async () => {
  const bob = story.readers['bob@suse.example'];
  await bob.gpg.importKey(await story.list.publicKey(story.alice));
  const signed = await story.copy('bob@suse.example', 'signed');
  const [part, signature] = splitParts(signed.parts[0] ?? Buffer.alloc(0)).parts;
  assert.equal(await bob.verify(signature ?? Buffer.alloc(0), part), story.alice.fingerprint);
  const clear = await story.copy('bob@suse.example', 'clear-signed');
  assert.equal(await bob.verify(clear.parts[0] ?? Buffer.alloc(0)), story.alice.fingerprint);
});

test('a text that was changed behind its signature, and one without a tag, are held: no member has either', async () => {
  const held = await story.list.query(`SELECT state FROM inbox WHERE state <> 'judged'`);
  assert.deepEqual(held, [{ state: 'held' }, { state: 'held' }]);
  for (const id of ['forged', 'untagged']) {
    const about = story.list.sink.mails().filter((mail) => mail.raw.includes(`<${id}@mail.example>`));
    assert.deepEqual(about, []);
  }
});
