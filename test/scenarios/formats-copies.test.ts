import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FormatStory, formatStory } from '../stand-ins/format-story.ts';
import { bytes, crlf, encryptedMail } from '../stand-ins/report-formats.ts';

/** What a copy shows: to whoever sees it pass, to a mail program inside, and to a person with nothing but `gpg -d`. */
let story: FormatStory;
const body = crlf('Content-Type: text/plain', '', 'libfoo 2.3 writes past its heap.');

before(async () => {
  story = await formatStory();
  const { list, alice, robin } = story;
  const signed = await list.sealTo('linux-distros', bytes(body), alice);
  // RFC 9788 §3.2: a shy program leaves only the address outside, and keeps names within.
  const shy = crlf(
    `From: Robin Canary-Hidden <${robin.address}>`,
    'To: The Canary-Hidden List <linux-distros@lists.example.org>',
    'Subject: Canary-Hidden overflow in libfoo',
    'HP-Outer: Subject: [...]',
    `HP-Outer: From: ${robin.address}`,
    'Content-Type: text/plain; hp="cipher"',
    '',
    'It is in heap.c.',
  );
  const shyArmour = await list.sealTo('linux-distros', bytes(shy));
  await story.tell([
    { from: alice.address, raw: encryptedMail('plain', alice, signed, 'libfoo') },
    {
      from: robin.address,
      raw: encryptedMail('shy', robin, shyArmour, '[...]').replace(/^From: .*$/m, `From: ${robin.address}`),
    },
  ]);
});
after(() => story.close());

/** What differs from run to run, given names. */
function told(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll(story.alice.fingerprint, 'FINGERPRINT-OF-ALICE')
    .replace(/vs-2026-\d{4,6}/g, 'vs-2026-0042')
    .replace(/VS-2026-\d{4,6}/g, 'VS-2026-0042')
    .replace(/20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, 'INSTANT')
    .replace(/^(HP-Outer: )?Date: .*$/gm, '$1Date: DATE')
    .replace(/^((?:HP-Outer: )?Message-ID: )<.*>$/gm, '$1<OURS>')
    .replace(/(boundary="|^--)[^"\s]{8,}?("|$|(?=--$))/gm, '$1BOUNDARY$2');
}

test('a person who types `gpg -d saved.eml` reads who wrote it, what is proved, and the report', async () => {
  const { whole } = await story.copy('bob@suse.example', 'plain');
  const [inner = '', ourPart = '', report = ''] = told(whole).split('--BOUNDARY\n');
  assert.equal(
    inner,
    [
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary="BOUNDARY";',
      ' protected-headers="v1"; hp="cipher"',
      'From: Alice via linux-distros <linux-distros@lists.example.org>',
      'Author: Alice <alice@debian.example>',
      'To: <linux-distros@lists.example.org>',
      'Reply-To: linux-distros+vs-2026-0042@lists.example.org',
      'Subject: libfoo',
      'Date: DATE',
      'Message-ID: <OURS>',
      'Embargod-List: linux-distros',
      'Embargod-Case: VS-2026-0042',
      'Embargod-Audience: members of linux-distros',
      'Embargod-Signature: good; FINGERPRINT-OF-ALICE',
      'References: <plain@mail.example>',
      'HP-Outer: From: Alice via linux-distros <linux-distros@lists.example.org>',
      'HP-Outer: To: linux-distros@lists.example.org',
      'HP-Outer: Reply-To: linux-distros+vs-2026-0042@lists.example.org',
      'HP-Outer: Subject: VS-2026-0042 new',
      'HP-Outer: Date: DATE',
      'HP-Outer: Message-ID: <OURS>',
      'HP-Outer: References: <plain@mail.example>',
      '',
      '',
    ].join('\n'),
  );
  assert.match(ourPart, /^Content-Type: text\/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n/);
  for (const line of [
    'VS-2026-0042 · linux-distros · new report',
    'From:        Alice <alice@debian.example>',
    'Signature:   good, by alice@debian.example (Debian)',
    'Received:    INSTANT, encrypted to linux-distros',
    'Sent to:     the members of linux-distros (2 readers)',
  ]) {
    assert.ok(ourPart.split('\n').includes(line), `${line}\nin\n${ourPart}`);
  }
  for (const line of ourPart.split('\n')) assert.ok(line.length <= 78, `wider than a screen: ${line}`);
  assert.equal(report, `${told(body)}\n--BOUNDARY--\n`);
});

test('who sees a copy pass learns the list, the case, the author and the instant', async () => {
  const { outside } = await story.copy('bob@suse.example', 'plain');
  const [outer = '', ...rest] = told(outside).split('\n\n');
  assert.deepEqual(
    outer.split('\n').filter((line) => !line.startsWith('Received:')),
    [
      'From: Alice via linux-distros <linux-distros@lists.example.org>',
      'To: linux-distros@lists.example.org',
      'Reply-To: linux-distros+vs-2026-0042@lists.example.org',
      'Subject: VS-2026-0042 new',
      'Date: DATE',
      'Message-ID: <OURS>',
      'References: <plain@mail.example>',
      'List-Id: <linux-distros.lists.example.org>',
      'List-Post: <mailto:linux-distros@lists.example.org>',
      'List-Owner: <mailto:linux-distros-owner@lists.example.org>',
      'Embargod-Copy: 1',
      'MIME-Version: 1.0',
      'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted";',
      ' boundary="BOUNDARY"',
    ],
  );
  assert.match(rest.join('\n\n'), /^--BOUNDARY\nContent-Type: application\/pgp-encrypted\n\nVersion: 1\n/);
});

test('what the header inside repeats as HP-Outer is what stands outside (RFC 9788 §2.2)', async () => {
  const { header, outside } = await story.copy('bob@suse.example', 'shy');
  const outer = outside.slice(0, outside.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ');
  const repeated = [...header.matchAll(/^HP-Outer: (.*)\r?$/gm)].map(([, field]) => field ?? '');
  assert.ok(repeated.length >= 5, header);
  for (const field of repeated) assert.ok(outer.split('\r\n').includes(field), field);
});

test('names and subject that the author kept inside the encryption are told inside, and nowhere else', async () => {
  const { header, outside, ourPart } = await story.copy('bob@suse.example', 'shy');
  assert.match(ourPart, /^From: +Robin Canary-Hidden <robin@researcher\.example>$/m);
  assert.match(header, /^From: Robin Canary-Hidden via linux-distros <linux-distros@/m);
  assert.match(header, /^Author: Robin Canary-Hidden <robin@/m);
  assert.match(header, /^To: The Canary-Hidden List </m);
  assert.match(header, /^Subject: Canary-Hidden overflow in libfoo$/m);
  assert.match(outside, /^From: "?robin@researcher\.example via linux-distros"?\s+<linux-distros@/m);
  assert.doesNotMatch(outside, /Canary/);
  const clear = await story.list.query(`SELECT convert_from(envelope_head, 'UTF8') AS head FROM bodies`);
  assert.doesNotMatch(JSON.stringify(clear), /Canary/);
});
