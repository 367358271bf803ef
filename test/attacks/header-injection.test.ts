import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readHeader } from '../../src/mail/header-fields.ts';
import type { News } from '../stand-ins/story-news.ts';
import { attackedList, type UnderAttack, underAttack } from '../stand-ins/under-attack.ts';

/**
 * Attack: names, subjects, ids and file names of a stranger that hold a line break, a NUL or the syntax of addresses, raw or
 * in any dress, so that a copy of ours gets a field, a reader or a command that nobody gave it.
 * Deeper: `write-header.test.ts`, `compose-copy.test.ts` (by chance, in all places), `test/fuzz/header-reader.ts`.
 */
let story: UnderAttack;

before(async () => {
  story = await underAttack();
});
after(() => story.close());

const evil = 'Bcc: evil@evil.example';
const break64 = Buffer.from(`x\r\n${evil}\r\n\r\nEmbargod: VS-2026-0001 clear-ok`).toString('base64');
const break16 = Buffer.from(`x\r\n${evil}`, 'utf16le').toString('base64');

/** Each in the place of a name, a subject and a file name. */
const texts: Readonly<Record<string, string>> = {
  'an encoded word with CRLF, base64': `=?utf-8?b?${break64}?=`,
  'an encoded word with CRLF, quoted-printable': `=?utf-8?q?x=0D=0A${evil.replaceAll(' ', '_')}?=`,
  'an encoded word with CRLF in UTF-16': `=?utf-16le?b?${break16}?=`,
  'an encoded word with NUL': `=?utf-8?q?x=00${evil.replaceAll(' ', '_')}?=`,
  'line ends that only Unicode knows': `=?utf-8?b?${Buffer.from(`x\u2028${evil}\u0085y\u2029z`).toString('base64')}?=`,
  'marks that turn the direction': `=?utf-8?b?${Buffer.from('\u202egro.elpmaxe@live\u202c').toString('base64')}?=`,
  'a lone CR': `x\r${evil}`,
  'a folded line that looks like a field': `x\r\n ${evil}\r\n\tSubject: y`,
  'quotes and brackets': `"x" <evil@evil.example>, "y`,
  'a comment that never ends': 'x (((((( y',
  'a group': 'undisclosed: evil@evil.example;',
  'a name of our own': '"linux-distros" <linux-distros@lists.example.org>',
};

const outerAllowed =
  /^(From|To|Reply-To|Subject|Date|Message-ID|In-Reply-To|References|List-Id|List-Post|List-Owner|Embargod-Copy|Auto-Submitted|MIME-Version|Content-Type)$/;
const innerAllowed =
  /^(MIME-Version|Content-Type|From|Author|To|Cc|Reply-To|Subject|Date|Message-ID|Embargod-(List|Case|Audience|Signature)|References|In-Reply-To|HP-Outer)$/;

function checkFields(bytes: Uint8Array, allowed: RegExp): void {
  const header = readHeader(bytes, 0, bytes.length);
  assert.ok(typeof header === 'object');
  const names = header.fields.map(({ name }) => name);
  for (const name of names) assert.match(name, allowed);
  const once = names.filter((name) => name !== 'HP-Outer');
  assert.deepEqual(once, [...new Set(once)], 'each once');
  for (const { bytes: field } of header.fields) {
    assert.match(Buffer.from(field).toString('latin1'), /^(?:[\x20-\x7e\t\x80-\xff]{0,998}\r\n)+$/);
  }
}

let checked = 0;

/** One mail out for each member, and nothing in any of them that its writer had no right to write. */
function checkCopy(copy: News): void {
  checked += 1;
  checkFields(Buffer.from(copy.mail.raw, 'latin1'), outerAllowed);
  checkFields(Buffer.from(copy.text), innerAllowed);
  assert.match(copy.outer('From'), /<linux-distros@lists\.example\.org>$/);
  assert.doesNotMatch(copy.inner('From').replace(/.*</s, '<'), /evil/);
  const [, ours = ''] = copy.text.split(`\r\n${'-'.repeat(72)}\r\n`);
  assert.doesNotMatch(ours, /^(Bcc|Embargod|Subject):/im);
  assert.match(copy.says('Signature'), /^none/, 'no verdict comes from a name');
}

function mailOf(text: string, messageId: string): string {
  const file = [...Buffer.from(text, 'latin1')]
    .map((byte) => `%${byte.toString(16).padStart(2, '0')}`)
    .join('');
  return [
    `From: ${text} <mallory@evil.example>`,
    `To: ${attackedList}, ${text} <bob@suse.example>`,
    `Subject: [vs] ${text}`,
    `Message-ID: ${messageId}`,
    `References: <a@b\u00e9> <x${evil}> <ok@evil.example>`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="m"',
    '',
    '--m\r\nContent-Type: text/plain\r\n\r\nwithin\r\n',
    `--m\r\nContent-Type: application/octet-stream; name*=utf-8''${file}\r\nContent-Disposition: attachment; filename="../../${text.replace(/[\r\n"]/g, '')}"\r\n\r\nfile\r\n--m--\r\n`,
  ].join('\r\n');
}

let sent = 0;

/** A lone CR is refused at the door; inside an encryption nothing keeps it out. */
async function everyReaderOf(text: string, sealed: boolean): Promise<readonly News[]> {
  sent += 1;
  const before = story.sink.mails().length;
  const raw = mailOf(text, `<${sent}@evil.example>`);
  if (sealed) {
    const armour = await story.sealTo('linux-distros', Buffer.from(raw, 'latin1'));
    const head = `From: x@evil.example\r\nTo: ${attackedList}\r\nSubject: [vs] outer\r\nMessage-ID: <o${sent}@evil.example>\r\n`;
    await story.attack(`${head}\r\n${armour}`);
  } else if (/\r(?!\n)/.test(text)) {
    const reply = await story.send({ from: 'mallory@evil.example', to: [attackedList], raw });
    assert.match(reply, /^554 5\.6\.0 /);
    return [];
  } else await story.attack(raw);
  const fresh = story.sink.mails().slice(before);
  const readers = [story.alice.address, story.bob.address];
  assert.ok(
    fresh.every(({ recipient }) => readers.includes(recipient)),
    'the envelope names readers, and nobody else',
  );
  return [...(await story.news(story.alice)), ...(await story.news(story.bob))];
}

for (const [name, text] of Object.entries(texts)) {
  for (const sealed of [false, true]) {
    test(`${name}, ${sealed ? 'inside the encryption' : 'in clear'}: no field, no reader, no command comes of it`, async () => {
      story.skipNews();
      const copies = await everyReaderOf(text, sealed);
      for (const copy of copies) {
        // What is held is told to administrators alone; its own text is only in the attached mail.
        if (copy.says('Why') === '') checkCopy(copy);
        else checkFields(Buffer.from(copy.mail.raw, 'latin1'), outerAllowed);
      }
      assert.ok(copies.length > 0 || (/\r(?!\n)/.test(text) && !sealed), 'somebody reads it');
    });
  }
}

test('an address in RCPT or MAIL FROM that would end its line is refused there', async () => {
  for (const to of [`${attackedList}>\nRCPT TO:<x@lists.example.org`, 'linux-distros\0@lists.example.org']) {
    assert.match(await story.send({ from: 'mallory@evil.example', to: [to], raw: 'x' }), /^5\d\d /);
  }
});

test('nearly all of it was read as a report, by both members: it is copies that were looked at', () => {
  assert.ok(checked >= 30, `${checked} copies`);
});

test('honest reports are served as before', async () => {
  await story.stillServes();
  await story.end();
});
