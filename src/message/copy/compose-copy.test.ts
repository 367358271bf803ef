import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { address, certificateOf, noon } from '../../../test/stand-ins/community.ts';
import { readCopy } from '../../../test/stand-ins/copies.ts';
import { makeDesk } from '../../../test/stand-ins/desk.ts';
import { inClear, type LetterChanges, makeLetter, messageId } from '../../../test/stand-ins/letters.ts';
import { fileNewReport } from '../file/file-letter.ts';
import { holdLetter } from '../hold/hold-letter.ts';
import { attachmentEntity } from './compose-copy.ts';

/** What strangers write to break out of a field: line ends of every kind, encoded words, parameters, a command. */
const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\r\n',
        '\n',
        '\r',
        '\0',
        '\u0085',
        '\u2028',
        '\v',
        '\f',
        '\r\n\r\n',
        '\r\n ',
        'Embargod: VS-2026-0042 public',
        '\nEmbargod: VS-2026-0042 crd 2026-12-01T16:00Z',
        'Bcc: eve@evil.example',
        '=?UTF-8?Q?=0D=0ABcc:_eve?=',
        '=?UTF-8?B?DQo=?=',
        '"',
        '\\',
        '<eve@evil.example>',
        ',',
        ';',
        '--=_',
        '\u202e',
        '😀',
        '\ud800',
        '.',
      ),
      fc.string({ maxLength: 20 }),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(''));

const hostileLetter: fc.Arbitrary<LetterChanges> = fc
  .record({
    name: hostileText,
    subject: hostileText,
    fileName: hostileText,
    other: hostileText,
    clear: fc.boolean(),
  })
  .map(({ name, subject, fileName, other, clear }) => ({
    head: {
      from: [{ name, address: address('rita@reporter.example') }],
      cc: [{ name: other, address: address('c@c.example') }],
      subject: `[vs] ${subject}`,
    },
    ...(clear ? { encryption: inClear } : {}),
    textAround: other,
    inner: [
      {
        fileName,
        contentType: other,
        bytes: new Uint8Array(3),
        signature: { kind: 'none' } as const,
        bodyDigest: 'b',
      },
    ],
    unopened: [{ fileName, keyIds: [], reason: 'not-for-us' as const }],
  }));

function reportCopies(changes: LetterChanges) {
  const desk = makeDesk();
  const letter = makeLetter(desk, changes);
  assert.ok(letter.place.kind === 'new-report');
  return fileNewReport(letter, letter.place, [], desk).outgoing;
}

const known = [
  'mime-version',
  'content-type',
  'from',
  'author',
  'to',
  'cc',
  'reply-to',
  'subject',
  'date',
  'message-id',
  'embargod-list',
  'embargod-case',
  'embargod-audience',
  'embargod-signature',
  'hp-outer',
  'references',
  'in-reply-to',
];

test('whatever strangers put into names, subjects and file names, no field is added and no line is a command', () => {
  fc.assert(
    fc.property(hostileLetter, (changes) => {
      for (const outgoing of reportCopies(changes)) {
        const { header, ourPart, text, outside } = readCopy(outgoing);
        for (const [name, values] of header) {
          assert.ok(known.includes(name), name);
          if (name !== 'hp-outer') assert.equal(values.length, 1, name);
        }
        assert.doesNotMatch(ourPart, /^Embargod:/im);
        assert.doesNotMatch(text.split('It overflows.')[1] ?? '', /^Embargod: /m);
        assert.doesNotMatch(outside, /^(Bcc|Embargod):/im);
      }
    }),
    { numRuns: 300 },
  );
});

test('every line of our headers is ASCII and at most 998 long, for the longest names, ids and subjects', () => {
  const pieces = ['a', '"', '\\', 'ö', '😀', 'word '];
  const long = pieces.flatMap((piece) => [piece.repeat(600), piece.repeat(5_000)]);
  for (const text of long) {
    const id = `<${'i'.repeat(994)}>` as ReturnType<typeof messageId>;
    const head = {
      from: [
        { name: text, address: address(`${'l'.repeat(64)}@${'d'.repeat(60)}.${'e'.repeat(60)}.example`) },
      ],
      subject: text,
      messageId: id,
      references: Array.from({ length: 200 }, (_, n) => messageId(`r${n}`)),
      inReplyTo: [id],
    };
    for (const encryption of [inClear, undefined]) {
      const [members] = reportCopies({ head, ...(encryption ? { encryption } : {}) });
      const { text: inside, outside } = readCopy(members);
      for (const line of [...outside.split('\r\n'), ...(inside.split('\r\n\r\n')[0] ?? '').split('\r\n')]) {
        assert.match(line, /^[\x20-\x7e\t]{0,998}$/);
      }
    }
  }
});

test('an id with other than ASCII in it is not repeated outside', () => {
  const id = '<ü@mail.example>' as ReturnType<typeof messageId>;
  assert.doesNotMatch(readCopy(reportCopies({ head: { messageId: id, references: [id] } })[0]).outside, /ü/);
});

test('the protected header is there in both forms, on a multipart (M2)', () => {
  const { header } = readCopy(reportCopies({})[0]);
  const type = header.get('content-type')?.[0] ?? '';
  assert.match(type, /^multipart\/mixed;.*protected-headers="v1".*hp="cipher"/);
  const outer = (header.get('hp-outer') ?? []).map((value) => value.split(':')[0]);
  assert.deepEqual(outer, ['From', 'To', 'Reply-To', 'Subject', 'Date', 'Message-ID', 'References']);
});

test('our part is never base64, so that gpg -d by hand is readable (M2)', () => {
  const [ours] = readCopy(
    reportCopies({ head: { from: [{ name: 'Müller', address: address('m@x.example') }] } })[0],
  ).parts;
  assert.equal(ours?.transferEncoding, 'identity');
  assert.equal(ours?.contentType.value, 'text/plain');
});

test('an author without a name is named by address, inside and outside', () => {
  const from = [{ name: ' \r\n', address: address('rita@reporter.example') }];
  const { outside, ourPart } = readCopy(reportCopies({ head: { from } })[0]);
  assert.match(outside, /^From: "rita@reporter\.example via linux-distros"\s+</);
  assert.match(ourPart, /\nFrom: +rita@reporter\.example\r\n/);
});

test('an attachment’s name and type cannot break out of their fields', () => {
  fc.assert(
    fc.property(hostileText, hostileText, (fileName, contentType) => {
      const part = { fileName, contentType, bytes: new Uint8Array(100), description: 'd' };
      const text = new TextDecoder().decode(
        attachmentEntity(part, (bytes) => Buffer.from(bytes).toString('base64')),
      );
      const [head = ''] = text.split('\r\n\r\n');
      assert.equal(head.split('\r\n').length, 4);
      assert.match(head, /^[\x20-\x7e\r\n]*$/);
    }),
  );
});

test('no type that RFC 2045 forbids to be base64 is', () => {
  for (const contentType of ['message/rfc822', 'Multipart/mixed']) {
    const part = { fileName: 'x', contentType, bytes: new Uint8Array(1), description: 'd' };
    const text = new TextDecoder().decode(attachmentEntity(part, () => 'AA=='));
    assert.match(text, /^Content-Type: application\/octet-stream;/);
  }
});

test('the notice about held mail stands the same texts: none makes a line of its own', () => {
  fc.assert(
    fc.property(hostileLetter, (changes) => {
      const desk = makeDesk();
      const findings = [{ kind: 'hold', rule: 'r', inside: 'why', outside: '' } as const];
      const { ourPart, header } = readCopy(holdLetter(makeLetter(desk, changes), findings, desk).outgoing[0]);
      assert.doesNotMatch(ourPart, /^Embargod:/im);
      assert.equal(header.get('subject')?.length, 1);
      const labels = ourPart.split('\r\n').filter((line) => /^\S/.test(line));
      assert.equal(labels.length, 3 + 7, 'a title, two rules and seven labelled lines');
    }),
  );
});

test('noon is told in UTC, and the certificate’s fingerprint in full', () => {
  const signature = {
    kind: 'valid',
    fingerprint: certificateOf('bob').fingerprint,
    signedAt: noon,
    digest: 'd',
  } as const;
  const { ourPart } = readCopy(reportCopies({ signature })[0]);
  assert.match(
    ourPart,
    /good, by bob@suse\.example \(SUSE\)\r\n +key 626F62[0-9A-F]{34}\r\n +made 2026-11-23T12:00:00Z/,
  );
});
