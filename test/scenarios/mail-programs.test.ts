import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import PostalMime from 'postal-mime';
import { minute } from '../../src/time/instant.ts';
import { type FoundedList, foundedList, type Person } from '../stand-ins/founded-list.ts';
import { type MailReader, mailReader } from '../stand-ins/mail-reader.ts';
import { startNeomutt } from '../stand-ins/neomutt.ts';
import { startNotmuch } from '../stand-ins/notmuch.ts';
import { thunderbirdMail } from '../stand-ins/thunderbird-mail.ts';

/**
 * What people see. Robin reports with Thunderbird; Bob answers to the case address with a direct Cc to Alice, who reads
 * with neomutt and notmuch on her own machine.
 */
const listAddress = 'linux-distros@lists.example.org';
const subject = '[vs] libfoo: heap overflow in foo_parse_chunk()';
const sentence = 'A naïve length check – two bytes too few – writes past the heap: canary-7c1d.';

let list: FoundedList;
let robin: Person;
let alice: Person;
let bob: Person;
let reader: MailReader;
let caseAddress: string;

before(async () => {
  list = await foundedList();
  alice = await list.person('Alice Ålund', 'alice@debian.example', 'ed25519');
  bob = await list.person('Bob Baker', 'bob@suse.example', 'ed25519');
  robin = await list.person('Robin Reyes', 'robin@researcher.example', 'ed25519');
  await list.join('Debian', 'linux-distros', alice);
  await list.join('SUSE', 'linux-distros', bob);
  reader = await mailReader(alice, 'linux-distros', list);
  await report();
  await answer();
});
after(async () => {
  await reader?.remove();
  await list?.close();
});

async function report(): Promise<void> {
  const raw = await thunderbirdMail(
    {
      author: robin,
      to: `Linux distributions <${listAddress}>`,
      subject,
      text: `Dear all,\n\n${sentence}\nI propose 2026-12-01 16:00 UTC.\n\nRobin\n`,
      messageId: '<report@researcher.example>',
      date: new Date(list.now() - 10 * minute),
      readers: [listAddress],
    },
    list,
  );
  assert.match(await list.send({ from: robin.address, to: [listAddress], raw }), /^250 /);
  await list.settle();
}

async function answer(): Promise<void> {
  const [copy] = list.mailFor(alice.address);
  assert.ok(copy);
  caseAddress = outerField(copy.raw, 'Reply-To');
  const raw = await thunderbirdMail(
    {
      author: bob,
      to: caseAddress,
      cc: `${alice.name} <${alice.address}>`,
      subject: `Re: ${subject}`,
      text: '> I propose 2026-12-01 16:00 UTC.\n\nFine for SUSE.\n',
      messageId: '<answer@suse.example>',
      date: new Date(list.now() - 5 * minute),
      references: ['<report@researcher.example>', outerField(copy.raw, 'Message-ID')],
      readers: [listAddress, alice.fingerprint],
    },
    list,
  );
  assert.match(await list.send({ from: bob.address, to: [caseAddress], raw }), /^250 /);
  await list.settle();
  await reader.receive(...list.mailFor(alice.address).map((mail) => mail.raw), raw);
}

function outerField(raw: string, name: string): string {
  const value = new RegExp(`^${name}: (.*)$`, 'im').exec(raw)?.[1];
  assert.ok(value, name);
  return value.trim();
}

/** In CI all programs are there, or the test fails there. */
function needs(...programs: readonly string[]): { skip: string | false } {
  const folders = (process.env.PATH ?? '').split(':');
  const absent = programs.filter((program) => !folders.some((folder) => existsSync(join(folder, program))));
  const reason = `not installed here: ${absent.join(', ')}; apt-get install them`;
  return { skip: absent.length > 0 && process.env.CI !== 'true' && reason };
}

test('a report in Thunderbird’s shape is understood: its real subject, its author, and the key it encloses', async () => {
  const [copy] = list.mailFor(bob.address);
  const [receipt] = list.mailFor(robin.address);
  assert.ok(copy && receipt);
  const { text } = await list.read(copy);
  assert.match(text, /^Author: Robin Reyes <robin@researcher\.example>\r$/m);
  assert.ok(text.includes(`\r\nSubject: ${subject}\r\n`));
  assert.match(text, new RegExp(`^Embargod-Signature: good; ${robin.fingerprint}\r$`, 'm'));
  // A1: pinned from inside the encryption, so what we write to Robin is sealed from the first mail on.
  assert.match((await list.read(receipt)).text, /^Your key: +this receipt is sealed to the one you sent us/m);
  // Neither form of the enclosed key, nor a word of the protected header, is left outside.
  assert.doesNotMatch(copy.raw, /autocrypt|keydata|heap overflow|PUBLIC KEY/i);
});

test(
  'neomutt shows who wrote, what about, and one thread; our part, the text and the signature',
  needs('neomutt', 'tmux'),
  async () => {
    const neomutt = await startNeomutt(reader, listAddress);
    try {
      // Before anything was opened: the author, the case and the kind, and nothing else (M4, M5).
      const index = await neomutt.shows(/Msgs:3/);
      assert.match(index, /1 N.*Robin Reyes.* VS-2026-\d+ new$/m);
      await neomutt.press('1', 'Enter', 'Enter');
      const first = await neomutt.shows(/canary-7c1d/);
      assert.match(first, /^Good signature from: linux-distros <linux-distros@lists\.example\.org>$/m);
      assert.doesNotMatch(first, /\b(WARNING|Problem|BAD)\b/);
      assert.match(first, /^Subject: \[vs\] libfoo: heap overflow in foo_parse_chunk\(\)$/m);
      assert.match(first, /^From: +Robin Reyes <robin@researcher\.example>$/m);
      assert.ok(first.includes(`\n${sentence}\n`), 'the author’s text, its charset and encoding understood');
      assert.ok(first.indexOf('Received:') < first.indexOf('Dear all'), 'our part comes first');
      assert.doesNotMatch(first, /^\+/m, 'neomutt had no line of ours to break');
      await neomutt.press('j');
      await neomutt.shows(/2\/3: [\s\S]*successfully decrypted/);
      await neomutt.press('j');
      const answered = await neomutt.shows(/3\/3: [\s\S]*successfully decrypted/);
      assert.match(answered, /^Signature: +good, by bob@suse\.example \(SUSE\)$/m);
      assert.match(answered, /^Fine for SUSE\.$/m);
      await neomutt.press('q');
      const read = await neomutt.shows(/q:Quit/);
      assert.match(read, /1 .*Robin Reyes via.* \[vs\] libfoo: heap/);
      assert.match(read, /2 .*Bob Baker {2}.*├─>Re: \[vs\] libfoo: heap/, 'the direct Cc');
      assert.match(read, /3 .*Bob Baker via.*└─>Re: \[vs\] libfoo: heap/, 'the list’s copy of it');
    } finally {
      await neomutt.close();
    }
  },
);

test(
  'a reply to all from neomutt goes where our part says, once, and is filed under its case',
  needs('neomutt', 'tmux'),
  async () => {
    const neomutt = await startNeomutt(reader, listAddress);
    try {
      await neomutt.shows(/Msgs:3/);
      await neomutt.press('3', 'Enter', 'Enter');
      const read = await neomutt.shows(/3\/3: [\s\S]*successfully decrypted/);
      assert.ok(read.includes(`A reply:     to ${caseAddress}\n             reaches the members`));
      await neomutt.press('g');
      await neomutt.shows(/Reply to linux-distros\+vs-/);
      await neomutt.press('Enter');
      assert.match(await neomutt.shows(/y:Send/), /Security: Sign, Encrypt \(PGP\/MIME\)/);
      await neomutt.press('y');
      await neomutt.shows(/Mail sent/);
    } finally {
      await neomutt.close();
    }
    const { to, raw } = await neomutt.sent();
    // Programs that reply to all keep the To they saw, which is the list's own address.
    assert.deepEqual(to, [caseAddress, listAddress]);
    assert.match(raw, /^Subject: \.\.\.$/m, 'with the settings that docs/mail-programs.md names');
    assert.match(await list.send({ from: alice.address, to, raw }), /^250 /);
    await list.settle();
    for (const person of [alice, bob, robin]) {
      const copy = list.mailFor(person.address).at(-1);
      assert.ok(copy);
      const { text } = await list.read(copy);
      assert.match(text, /^Subject: Re: \[vs\] libfoo: heap overflow in foo_parse_chunk\(\)\r$/m);
      assert.match(text, /^Signature: +good, by alice@debian\.example \(Debian\)\r$/m);
      assert.match(text, /^We ship it by then\.\r$/m);
      assert.doesNotMatch(text, /^Note: /m);
    }
    assert.equal(list.mailFor(bob.address).length, 3, 'report, answer and this: one copy each');
    assert.equal((await list.query('SELECT number FROM cases')).length, 1);
  },
);

type NotmuchThread = Readonly<{ authors: string; subject: string; matched: number }>;

test(
  'notmuch finds a copy by author, protected subject and text, all of it one thread',
  needs('notmuch'),
  async () => {
    const notmuch = await startNotmuch(reader);
    const search = async (...terms: readonly string[]): Promise<readonly NotmuchThread[]> =>
      JSON.parse(await notmuch('search', '--format=json', ...terms));
    const [thread, ...others] = await search('*');
    assert.equal(others.length, 0);
    assert.equal(thread?.matched, 3);
    assert.equal(thread?.subject, subject);
    assert.match(thread?.authors ?? '', /Robin Reyes via linux-distros/);
    assert.match(thread?.authors ?? '', /Bob Baker via linux-distros/);
    for (const term of ['from:robin', 'subject:heap', 'canary-7c1d', 'naïve']) {
      assert.equal((await search(term)).length, 1, term);
    }
    const shown = await notmuch('show', '--format=json', '--decrypt=true', '--entire-thread', 'from:robin');
    assert.match(shown, /"decrypted": \{"status": "full", "header-mask": \{"Subject": "VS-2026-\d+ new"\}\}/);
    assert.match(shown, /"signed": \{"status": \[\{"status": "good", "fingerprint": "[0-9A-F]{40}"/);
    assert.ok(shown.includes(`"Subject": ${JSON.stringify(subject)}`));
    assert.ok(shown.includes(sentence));
    assert.ok(shown.includes('Signature:   good, by bob@suse.example (SUSE)\\n'));
  },
);

test('a copy opened by hand with gpg -d is read without a program: our part fits 80 columns, nothing is encoded', async () => {
  for (const mail of list.mailFor(bob.address)) {
    const { text } = await list.read(mail);
    const [ours = ''] = /^VS-2026-[\s\S]*?^-{72}\r$[\s\S]*?^-{72}\r$/m.exec(text) ?? [];
    assert.match(ours, /^A reply: /m);
    for (const line of ours.split('\r\n')) assert.ok(line.length <= 78, line);
    assert.ok(text.indexOf(ours) < 2_500, 'our part stands near the top');
  }
});

test('a MIME library reads a copy as it is meant: outside two parts, inside texts first and the author’s key attached', async () => {
  const [copy] = list.mailFor(bob.address);
  assert.ok(copy);
  const outside = await PostalMime.parse(copy.raw);
  assert.deepEqual(
    outside.attachments.map((part) => part.mimeType),
    ['application/pgp-encrypted', 'application/octet-stream'],
  );
  const inside = await PostalMime.parse((await list.read(copy)).stdout);
  assert.equal(inside.subject, subject);
  assert.match(inside.text ?? '', /^VS-2026-[\s\S]*Dear all,/);
  assert.ok(inside.text?.includes(sentence));
  assert.deepEqual(
    inside.attachments.map((part) => part.mimeType),
    ['application/pgp-keys'],
  );
});
