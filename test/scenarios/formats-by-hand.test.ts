import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FormatStory, formatStory } from '../stand-ins/format-story.ts';
import { ownReader } from '../stand-ins/own-reader.ts';
import {
  attachment,
  bytes,
  crlf,
  encryptedMail,
  head,
  multipart,
  withCrlf,
} from '../stand-ins/report-formats.ts';

/**
 * What a reporter encrypted by hand inside a mail (FIELD §2: today no member can read it). Members get the mail as it
 * was, and behind it what the list opened; the reporter's copy never holds that (K1).
 */
type Opened = Readonly<{ name: string; content: Buffer }>;
type Told = Readonly<{ raw: string; entity: string; opened: readonly Opened[]; says: RegExp }>;

const note = crlf('Content-Type: text/plain', '', 'The details are attached, encrypted.');
const exploit = Buffer.from('int main(void) { /* canary-exploit */ }\n\0\xff', 'latin1');
const patch = Buffer.from('--- a/heap.c\n+++ b/heap.c\n');

let story: FormatStory;
const told = new Map<string, Told>();

async function encrypt(content: Buffer, list: string, ...options: readonly string[]): Promise<Buffer> {
  return Buffer.from(await story.list.gpg.encrypt(content, [`${list}@lists.example.org`], options));
}

async function inClear(id: string, parts: readonly string[], opened: readonly Opened[], says: RegExp) {
  const entity = multipart('mixed', [note, ...parts]);
  told.set(id, { raw: `${head(id, story.robin, '[vs] by hand')}${entity}`, entity, opened, says });
}

async function writeAll(): Promise<void> {
  const binary = await encrypt(exploit, 'linux-distros');
  const armoured = await encrypt(patch, 'distros', '--armor', '--set-filename', 'heap.patch');
  await inClear(
    'files',
    [attachment('exploit.c.gpg', binary), attachment('any.asc', armoured, 'text/plain')],
    [
      { name: 'exploit.c', content: exploit },
      { name: 'heap.patch', content: patch },
    ],
    /^Opened: +"exploit\.c", "heap\.patch"; attached behind the mail$/m,
  );
  const block = withCrlf(await encrypt(Buffer.from('the trigger is 0x7c1d'), 'linux-distros', '--armor'));
  const among = crlf('Content-Type: text/plain', '', 'Hello,', '', block, 'That was the trigger.');
  await inClear(
    'armour',
    [among],
    [{ name: 'opened', content: Buffer.from('the trigger is 0x7c1d') }],
    /^Opened: +a part without a name; attached behind the mail$/m,
  );
  const personal = await story.list.gpg.encrypt('for Alice', [story.alice.fingerprint]);
  await inClear(
    'personal',
    [attachment('alice.txt.gpg', Buffer.from(personal))],
    [],
    /^Opened: +could not be opened: "alice\.txt\.gpg" \(not-for-us\)$/m,
  );
  const inside = crlf('Content-Type: text/plain', '', 'what upstream wrote');
  const forwarded = encryptedMail('up', story.alice, await story.list.sealTo('linux-distros', bytes(inside)));
  const entity = multipart('mixed', [note, `Content-Type: message/rfc822\r\n\r\n${forwarded}`], '', 'outer');
  told.set('forwarded', {
    raw: encryptedMail('forwarded', story.robin, await story.list.sealTo('linux-distros', bytes(entity))),
    entity,
    opened: [{ name: 'opened', content: Buffer.from('what upstream wrote\n') }],
    says: /^Opened: +a part without a name; attached behind the mail$/m,
  });
}

before(async () => {
  story = await formatStory();
  await writeAll();
  await story.tell([...told.values()].map(({ raw }) => ({ from: 'robin@researcher.example', raw })));
});
after(() => story.close());

const titles = {
  files: 'attached files, encrypted to either of our lists, binary or armoured',
  armour: 'a block of armour amid the text',
  personal: 'a file for one member alone',
  forwarded: 'an encrypted mail, forwarded inside an encrypted mail',
};
for (const [id, title] of Object.entries(titles)) {
  test(`${title}: the mail stays as it was, and what was opened stands behind it`, async () => {
    const expected = told.get(id);
    for (const reader of ['alice@debian.example', 'bob@suse.example'] as const) {
      const { parts, ourPart } = await story.copy(reader, id);
      const [entity, ...opened] = parts;
      assert.deepEqual(entity, bytes(expected?.entity ?? ''));
      assert.match(ourPart, expected?.says ?? /never/);
      assert.deepEqual(opened.map(readAttachment), expected?.opened);
    }
  });
}

test("a reply with a file encrypted by hand: members have it opened, the reporter's copy does not hold it", async () => {
  const { list, alice, robin } = story;
  const key = attachment('robin.asc', bytes(await list.publicKey(robin)), 'application/pgp-keys');
  const first = await list.sealTo('linux-distros', bytes(multipart('mixed', [note, key])), robin);
  await story.tell([{ from: robin.address, raw: encryptedMail('pinned', robin, first) }]);
  const number = /^Embargod-Case: (VS-\S+)/m.exec(
    (await story.copy('alice@debian.example', 'pinned')).header,
  )?.[1];
  assert.ok(number);
  const file = attachment('exploit.c.gpg', await encrypt(exploit, 'linux-distros'));
  const entity = multipart('mixed', [note, file]);
  const to = `linux-distros+${number.toLowerCase()}@lists.example.org`;
  const answer = encryptedMail('answer', alice, await list.sealTo('linux-distros', bytes(entity), alice));
  await story.tell([{ from: alice.address, to, raw: answer.replace(/^To: .*/m, `To: ${to}`) }]);
  const bobs = await story.copy('bob@suse.example', 'answer');
  assert.deepEqual(bobs.parts.slice(1).map(readAttachment), [{ name: 'exploit.c', content: exploit }]);
  const robins = await ownReader(list, [robin.fingerprint]);
  try {
    const copies = list.mailFor(robin.address);
    const copy = await robins.read(copies.find((mail) => mail.raw.includes('<answer@mail.example>')));
    assert.deepEqual(copy.parts, [bytes(entity)]);
    assert.match(copy.ourPart, /^Opened: +parts that were encrypted inside went to members only$/m);
    assert.doesNotMatch(copy.whole, /canary-exploit/);
    // K5: the members' copy is another body; the reporter's key opens nothing of it.
    for (const mail of list.mailFor('bob@suse.example')) assert.equal(await robins.opens(mail), false);
  } finally {
    await robins.remove();
  }
});

function readAttachment(part: Buffer): Opened {
  const text = part.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const name = /filename="([^"]+)"/.exec(text.slice(0, end))?.[1] ?? '';
  assert.match(text.slice(0, end), /^Content-Description: Opened by the list/m);
  return { name, content: Buffer.from(text.slice(end), 'base64') };
}
