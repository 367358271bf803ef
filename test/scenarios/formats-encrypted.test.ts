import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FormatStory, formatStory } from '../stand-ins/format-story.ts';
import type { FoundedList, Person } from '../stand-ins/founded-list.ts';
import { splitParts } from '../stand-ins/own-reader.ts';
import {
  attachment,
  bytes,
  clearSigned,
  crlf,
  encryptedMail,
  head,
  listAddress,
  multipart,
  signedEntity,
  utf8,
} from '../stand-ins/report-formats.ts';

/**
 * Every encrypted format goes in by SMTP as gpg made it, and comes out so that each member's own gpg reads it: the list
 * signed, our part stands first with the right verdict, the author's entity follows byte for byte.
 */
type Told = Readonly<{ raw: string; entity: string }>;
type People = Readonly<{ list: FoundedList; alice: Person; robin: Person }>;
type Format = Readonly<{
  id: string;
  name: string;
  write: (people: People, id: string) => Promise<Told>;
  /** As our part tells it; the story's people have these names. */
  signature: RegExp;
  arrived?: string;
  /** The subject inside; without one the outer subject is all there is. */
  subject?: string;
}>;

const everyByte = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
const report = multipart('mixed', [
  crlf(
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    utf8('libfoo schreibt über das Ende.  '),
    '',
    'From here on it is exploitable.',
    '-- ',
    'Robin',
  ),
  attachment('fix.tar.xz', everyByte),
]);
const text = crlf('libfoo 2.3 writes past its heap.', utf8('Größe 0xff — “quoted”.'));
const plainText = `${crlf('Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit', '')}${text}`;
const byAlice = /^Signature: +good, by alice@debian\.example \(Debian\) key OF-ALICE,? made 20/m;
const unsigned = /^Signature: +none$/m;

const formats: readonly Format[] = [
  {
    id: 'mime',
    name: 'PGP/MIME, encrypted and not signed',
    write: async ({ list, robin }, id) => ({
      raw: encryptedMail(id, robin, await list.sealTo('linux-distros', bytes(report))),
      entity: report,
    }),
    signature: unsigned,
  },
  {
    id: 'one-message',
    name: 'PGP/MIME, signed and encrypted in one message by a member',
    write: async ({ list, alice }, id) => ({
      raw: encryptedMail(id, alice, await list.sealTo('linux-distros', bytes(report), alice)),
      entity: report,
    }),
    signature: byAlice,
  },
  {
    id: 'stranger',
    name: 'PGP/MIME, signed and encrypted by a stranger',
    write: async ({ list, robin }, id) => ({
      raw: encryptedMail(id, robin, await list.sealTo('linux-distros', bytes(plainText), robin)),
      entity: plainText,
    }),
    signature: /^Signature: +by key [0-9A-F]{16}, which we do not know$/m,
  },
  {
    id: 'enclosed',
    name: 'PGP/MIME, signed by a stranger whose key lies inside',
    write: async ({ list, robin }, id) => {
      const key = bytes(await list.publicKey(robin));
      const entity = multipart('mixed', [plainText, attachment('robin.asc', key, 'application/pgp-keys')]);
      return {
        raw: encryptedMail(id, robin, await list.sealTo('linux-distros', bytes(entity), robin)),
        entity,
      };
    },
    signature:
      /^Signature: +good, by the key that its author sent us; nobody vouches for whose it is key OF-ROBIN/m,
  },
  {
    id: 'signed-inside',
    name: 'multipart/signed inside the encryption',
    write: async ({ list, alice }, id) => {
      const entity = await signedEntity(list, report, alice);
      return { raw: encryptedMail(id, alice, await list.sealTo('linux-distros', bytes(entity))), entity };
    },
    signature: byAlice,
  },
  {
    id: 'inline',
    name: 'inline PGP, signed and encrypted',
    write: async ({ list, alice }, id) => ({
      raw: `${head(id, alice, 'a flaw')}\r\n${await list.sealTo('linux-distros', bytes(text), alice)}`,
      entity: plainText,
    }),
    signature: byAlice,
    subject: 'a flaw',
  },
  {
    id: 'inline-clear-signed',
    name: 'inline PGP around a clear-signed text',
    write: async ({ list, alice }, id) => {
      const signed = await clearSigned(list, text, alice);
      const armour = await list.sealTo('linux-distros', bytes(signed));
      return {
        raw: `${head(id, alice, 'a flaw', 'Content-Type: text/plain; charset=utf-8')}\r\n${armour}`,
        entity: `${plainText.slice(0, plainText.indexOf('\r\n\r\n') + 4)}${signed}`,
      };
    },
    signature: byAlice,
    subject: 'a flaw',
  },
  {
    id: 'other-key',
    name: 'sent to linux-distros, encrypted to the key of distros',
    write: async ({ list, robin }, id) => ({
      raw: encryptedMail(id, robin, await list.sealTo('distros', bytes(plainText))),
      entity: plainText,
    }),
    signature: unsigned,
    arrived: 'distros',
  },
  {
    id: 'hidden',
    name: 'to a hidden recipient, which names no key',
    write: async ({ list, alice }, id) => {
      const options = ['--armor', '--sign', '-u', alice.fingerprint, '--hidden-recipient'];
      const { stdout } = await list.gpg.run([...options, listAddress, '--encrypt'], bytes(report));
      return { raw: encryptedMail(id, alice, Buffer.from(stdout).toString()), entity: report };
    },
    signature: byAlice,
  },
  {
    id: 'base64',
    name: 'armour that a mail program put into base64 once more',
    write: async ({ list, robin }, id) => {
      const armour = await list.sealTo('linux-distros', bytes(report));
      const again = attachment('encrypted.asc', Buffer.from(armour));
      const version = crlf('Content-Type: application/pgp-encrypted', '', 'Version: 1');
      const whole = multipart('encrypted; protocol="application/pgp-encrypted"', [version, again]);
      return { raw: `${head(id, robin, '...')}${whole}`, entity: report };
    },
    signature: unsigned,
  },
  {
    id: 'old-protected',
    name: 'a protected header of the older form (protected-headers="v1")',
    write: async ({ list, alice }, id) => {
      const entity = `${crlf('Subject: libfoo: heap overflow', `From: Alice <${alice.address}>`)}${multipart(
        'mixed',
        [plainText],
        '; protected-headers="v1"',
      )}`;
      return {
        raw: encryptedMail(id, alice, await list.sealTo('linux-distros', bytes(entity), alice)),
        entity,
      };
    },
    signature: byAlice,
    subject: 'libfoo: heap overflow',
  },
  {
    id: 'rfc-9788',
    name: 'a protected header of RFC 9788 (hp="cipher"), inside a signature',
    write: async ({ list, alice }, id) => {
      const fields = crlf(
        'Subject: libfoo: hidden overflow',
        'HP-Outer: Subject: [...]',
        'Content-Type: text/plain; charset=utf-8; hp="cipher"',
        'Content-Transfer-Encoding: 8bit',
      );
      const entity = await signedEntity(list, `${fields}\r\n${text}`, alice);
      const armour = await list.sealTo('linux-distros', bytes(entity));
      return { raw: encryptedMail(id, alice, armour, '[...]'), entity };
    },
    signature: byAlice,
    subject: 'libfoo: hidden overflow',
  },
];

let story: FormatStory;
const told = new Map<string, Told>();

before(async () => {
  story = await formatStory();
  const mails = [];
  for (const { id, write } of formats) {
    const mail = await write(story, id);
    told.set(id, mail);
    mails.push({ from: 'someone@mail.example', raw: mail.raw });
  }
  await story.tell(mails);
});
after(() => story.close());

for (const { id, name, signature, arrived = 'linux-distros', subject = '...' } of formats) {
  test(`${name}: both members read it, each with their own gpg`, async () => {
    for (const reader of ['alice@debian.example', 'bob@suse.example'] as const) {
      const copy = await story.copy(reader, id);
      assert.deepEqual(copy.parts, [bytes(told.get(id)?.entity ?? '')], 'byte for byte, and nothing more');
      assert.match(copy.ourPart, signature);
      assert.match(copy.ourPart, new RegExp(`^Received: .*Z, encrypted to ${arrived}$`, 'm'));
      assert.match(copy.header, new RegExp(`^Subject: ${subject.replaceAll('.', '\\.')}$`, 'm'));
      // M4: outside stands what the case is called, and nothing of the author's.
      assert.match(copy.outside, /^Subject: VS-2026-\d{4,6} new\r$/m);
    }
  });
}

for (const id of ['signed-inside', 'rfc-9788']) {
  test(`${id}: the author's own signature still verifies in the copy`, async () => {
    const { alice, list, readers } = story;
    const bob = readers['bob@suse.example'];
    await bob.gpg.importKey(await list.publicKey(alice));
    const copy = await story.copy('bob@suse.example', id);
    const [part, signature] = splitParts(copy.parts[0] ?? Buffer.alloc(0)).parts;
    assert.equal(await bob.verify(signature ?? Buffer.alloc(0), part), alice.fingerprint);
  });
}
