import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, certificateOf, domain, listSettings, noon } from '../../../test/stand-ins/community.ts';
import { readCopy } from '../../../test/stand-ins/copies.ts';
import { makeDesk } from '../../../test/stand-ins/desk.ts';
import {
  bytesOf,
  inClear,
  type LetterChanges,
  mailbox,
  makeCase,
  makeFiled,
  makeLetter,
  messageId,
  signedBy,
  textOf,
} from '../../../test/stand-ins/letters.ts';
import type { Case, Reporter } from '../../case/case.ts';
import { later } from '../../time/instant.ts';
import { fileReply } from '../file/file-letter.ts';
import type { Event } from '../journal/event.ts';
import type { Finding } from '../judge/rule.ts';
import type { Reader } from '../plan.ts';

const rita: Reporter = {
  id: 'rita',
  address: address('rita@reporter.example'),
  name: 'Rita',
  representative: undefined,
  certificate: certificateOf('rita'),
};
const gil = {
  id: 'gil',
  address: address('gil@up.example'),
  certificate: certificateOf('gil'),
  effectiveFrom: noon,
};
const toAll = { recipients: ['linux-distros+vs-2026-0042'], head: { subject: 'Re: a flaw' } } as const;
const byBob = { signature: signedBy(certificateOf('bob').fingerprint) };

/** The copies of a reply to VS-2026-0042: members', reporter's, guests'. */
function copies(
  changes: LetterChanges = {},
  subject: Partial<Case> = {},
  marks: readonly Finding[] = [],
  more: readonly Event[] = [],
) {
  const desk = makeDesk([
    { kind: 'case-opened', case: makeCase({ reporter: rita, guests: [gil], ...subject }) },
    { kind: 'message-filed', message: makeFiled() },
    ...more,
  ]);
  const letter = makeLetter(desk, { ...toAll, ...changes });
  assert.ok(letter.place.kind === 'case');
  return fileReply(letter, letter.place, marks, desk).outgoing;
}

const readersOf = (group: Readonly<{ readers: readonly Reader[] }>) =>
  group.readers.map((reader) => reader.id);

test('members, the reporter and each guest have a body of their own, and one Message-ID (K5, M3)', () => {
  const all = copies(byBob);
  assert.deepEqual(all.map(readersOf), [['alice', 'bob'], ['rita'], ['gil']]);
  assert.equal(new Set(all.map((one) => one.messageId)).size, 1);
});

test('our part comes first, then the author’s entity byte for byte (M1)', () => {
  const entity = bytesOf(
    'Content-Type: text/plain; charset=iso-8859-1\r\nX-Odd:  kept \r\n\r\n\tGr\r\nü--b\r\n-- \r\n\r\n',
  );
  const { parts } = readCopy(copies({ entity })[0]);
  assert.equal(parts.length, 2);
  assert.equal(parts[0]?.contentType.value, 'text/plain');
  assert.deepEqual(parts[1]?.bytes, entity);
});

test('any bytes at all are passed on as they came, a lone CR and NUL too', () => {
  const entity = Uint8Array.from({ length: 512 }, (_, index) => index % 256);
  const [members] = copies({ entity });
  const bytes = members?.compose([]) ?? new Uint8Array();
  assert.ok(Buffer.from(bytes).includes(Buffer.from(entity)));
});

test('what was opened inside a mail goes to members only; others are told that much (K1)', () => {
  const inner = [
    {
      fileName: 'poc.c',
      contentType: 'text/x-c',
      bytes: bytesOf('SECRET'),
      signature: { kind: 'none' } as const,
      bodyDigest: 'b',
    },
  ];
  const [members, reporter, guest] = copies({ ...byBob, inner });
  const attached = readCopy(members).parts[2];
  assert.equal(attached?.fileName, 'poc.c');
  assert.equal(Buffer.from(textOf(attached?.body ?? bytesOf('')), 'base64').toString(), 'SECRET');
  for (const other of [reporter, guest]) {
    assert.equal(readCopy(other).parts.length, 2);
    assert.match(readCopy(other).told, /went to members only/);
    assert.doesNotMatch(readCopy(other).text, /poc\.c|SECRET|U0VDUkVU/);
  }
});

test('a mark that names another case is told to members only: a reporter never hears of a duplicate (A5)', () => {
  const marks: readonly Finding[] = [
    { kind: 'mark', rule: 'r', inside: 'Filed under VS-2026-0077 before, from eve@x.example.', outside: '' },
  ];
  const [members, reporter, guest] = copies(byBob, {}, marks);
  assert.match(readCopy(members).told, /VS-2026-0077/);
  for (const other of [reporter, guest]) assert.doesNotMatch(readCopy(other).text, /VS-2026-0077|eve@/);
});

test('members are told by name who was not reached and why, others a count (R6)', () => {
  const [members, reporter] = copies(byBob);
  const [alice] = members?.readers ?? [];
  assert.ok(alice);
  const unreached = [{ reader: alice, why: 'certificate expired' }];
  assert.match(
    readCopy(members, unreached).told,
    /Not reached: alice@debian\.example \(Debian\): certificate expired/,
  );
  const { told } = readCopy(reporter, unreached);
  assert.match(told, /Not reached: 1 of the readers/);
  assert.doesNotMatch(told, /alice@/);
});

test('our part says who reads a reply, and never names one who would not (R1, R3, A6)', () => {
  assert.match(
    readCopy(copies(byBob)[0]).told,
    /reaches the members, the reporter rita@reporter\.example, 1 guest to /,
  );
  const none = {
    reporter: { ...rita, certificate: undefined },
    guests: [{ ...gil, effectiveFrom: later(noon, 1) }],
  };
  const { told } = readCopy(copies(byBob, none)[0]);
  assert.match(
    told,
    /linux-distros\+vs-2026-0042@lists\.example\.org reaches the members; the reporter \S+ has no certificate/,
  );
  assert.match(told, /vs-2026-0042\.team@lists\.example\.org reaches the members only/);
  assert.match(told, /No key: +not sent to rita@reporter\.example/);
});

test('a forged From does not withhold the reporter’s own copy: they see what is said in their name (I10)', () => {
  const forged = copies({ head: { ...toAll.head, from: [mailbox('rita@reporter.example')] } });
  assert.deepEqual(forged.flatMap(readersOf), ['alice', 'bob', 'rita', 'gil']);
  const really = copies({ signature: signedBy(certificateOf('rita').fingerprint) });
  assert.deepEqual(really.flatMap(readersOf), ['alice', 'bob', 'gil']);
});

test('other addressees are named to the members as people we send nothing (M5)', () => {
  const cc = [mailbox('upstream@project.example'), mailbox(`distros@${domain}`), mailbox('gil@up.example')];
  const [members, reporter] = copies({ ...byBob, head: { ...toAll.head, cc } });
  assert.match(readCopy(members).told, /Not sent to: upstream@project\.example\r\n/);
  assert.doesNotMatch(readCopy(reporter).told, /Not sent to/);
});

test('the signature binds list, case, audience and verdict, in the protected header (K7, M1)', () => {
  const { header } = readCopy(copies(byBob)[0]);
  assert.deepEqual(header.get('embargod-list'), ['linux-distros']);
  assert.deepEqual(header.get('embargod-case'), ['VS-2026-0042']);
  assert.deepEqual(header.get('embargod-audience'), ['members of linux-distros']);
  assert.deepEqual(header.get('embargod-signature'), [`good; ${certificateOf('bob').fingerprint}`]);
  assert.equal(header.get('message-id')?.length, 1);
});

test('outside stand the list, the case number and the kind: no subject, no date of an embargo (M4, M5)', () => {
  const { outside } = readCopy(copies({ head: { ...toAll.head, subject: 'Re: SECRET flaw' } })[0]);
  assert.match(outside, /^From: Rita Reporter via linux-distros <linux-distros@/);
  assert.match(outside, /\r\nSubject: VS-2026-0042 reply\r\n/);
  assert.match(outside, /\r\nReply-To: linux-distros\+vs-2026-0042@lists\.example\.org\r\n/);
  assert.doesNotMatch(outside, /SECRET/);
});

test('a list may show outside the subject that had travelled in clear, and only that (M4)', () => {
  const shows: Event = {
    kind: 'list-added',
    list: listSettings('linux-distros', { outerSubject: 'shown-if-clear' }),
  };
  const head = { ...toAll.head, subject: 'Re: [vs] öpen flaw' };
  const shown = readCopy(copies({ head, encryption: inClear }, {}, [], [shows])[0]);
  assert.match(shown.outside, /\r\nSubject: =\?UTF-8\?B\?/);
  const outer = shown.header.get('hp-outer')?.find((value) => value.startsWith('Subject:'));
  assert.ok(
    outer && shown.outside.includes(outer),
    'HP-Outer repeats the outer field as it stands (RFC 9788)',
  );
  assert.match(readCopy(copies({ head }, {}, [], [shows])[0]).outside, /Subject: VS-2026-0042 reply\r\n/);
});

test('the author’s own id is in References, so that a direct copy threads beside ours (M3)', () => {
  const head = { ...toAll.head, messageId: messageId('mine'), inReplyTo: [messageId('report')] };
  const { header, outside } = readCopy(copies({ head })[0]);
  assert.match(header.get('references')?.[0] ?? '', /<ours@mail\.example>.*<mine@mail\.example>$/);
  assert.match(outside, /\r\nIn-Reply-To: <ours@mail\.example>\r\n/);
});

test('clear text around an encrypted block stays apart, quoted: none of its lines is a command (K2, A2)', () => {
  const textAround = 'Hello\r\nEmbargod: VS-2026-0042 public\rEmbargod: again\u2028Embargod: and again';
  const { text, parts } = readCopy(copies({ textAround })[0]);
  assert.equal(parts.length, 3);
  assert.doesNotMatch(text, /^Embargod: /m);
  assert.match(text, /^> Embargod: VS-2026-0042 public/m);
});
