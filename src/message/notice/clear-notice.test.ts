import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Address } from '../../mail/address.ts';
import { instantFromMilliseconds } from '../../time/instant.ts';
import type { NoticeParameters, NoticeTemplate, OutboxRow } from '../ports.ts';
import { renderClearNotice } from './clear-notice.ts';

const createdAt = instantFromMilliseconds(Date.UTC(2026, 10, 23, 21, 0, 0));
type Row = OutboxRow & Readonly<{ createdAt: typeof createdAt }>;

function row(template: NoticeTemplate, parameters: NoticeParameters, change: Partial<Row> = {}): Row {
  return {
    id: '0190aa',
    list: 'linux-distros',
    caseNumber: template === 'receipt' ? 'VS-2026-0042' : undefined,
    recipient: 'alice@example.org' as Address,
    returnPath: '',
    state: 'queued',
    permitId: 'p1',
    content: { kind: 'notice', template, parameters },
    createdAt,
    ...change,
  };
}

const receivedAt = '2026-11-23T20:59:58Z';
const heldToken = 'abcdefghijklmnopqrstuvwxyz';

function render(of: Row): string {
  const rendered = renderClearNotice(of, 'lists.example');
  return rendered.kind === 'notice' ? rendered.text : `malformed: ${rendered.parameter}`;
}

test('a receipt names case, list and instant, says what happens next, and answers as machines should (RFC 3834)', () => {
  const text = render(row('receipt', { receivedAt, inReplyTo: '<1@example.org>' }));
  assert.equal(
    text.split('\r\n\r\n')[0],
    [
      'From: linux-distros <linux-distros@lists.example>',
      'To: <alice@example.org>',
      'Reply-To: linux-distros+vs-2026-0042@lists.example',
      'Subject: VS-2026-0042: your report to linux-distros has arrived',
      'Date: Mon, 23 Nov 2026 21:00:00 +0000',
      'Message-ID: <notice.0190aa@lists.example>',
      'In-Reply-To: <1@example.org>',
      'References: <1@example.org>',
      'Auto-Submitted: auto-replied',
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=us-ascii',
      'Content-Transfer-Encoding: 7bit',
    ].join('\r\n'),
  );
  assert.match(text, /case VS-2026-0042\./);
  assert.match(text, /Received: 2026-11-23T20:59:58Z\r\n/);
  assert.match(text, /14 days/);
  assert.match(text, /encrypt/);
  assert.equal(render(row('receipt', { receivedAt, inReplyTo: '<1@example.org>' })), text);
});

test('a receipt without a number names none, and its answer goes to the list (I9)', () => {
  const text = render(row('receipt', { receivedAt }, { caseNumber: undefined }));
  assert.match(text, /^Reply-To: linux-distros@lists\.example\r$/m);
  assert.match(text, /^Subject: Received: your report to linux-distros has arrived\r$/m);
  assert.doesNotMatch(text, /VS-|case/);
});

test('a held mail is told what is missing and how to have it passed; its answer goes to the token address', () => {
  const text = render(row('held-how-to-pass', { receivedAt, token: heldToken, missing: 'tag' }));
  assert.match(text, /Reply-To: linux-distros\+held-abcdefghijklmnopqrstuvwxyz@lists\.example\r\n/);
  assert.match(text, /What is missing: the tag \[vs\]/);
  assert.match(text, /reply to\r\nthis mail/);
  assert.match(
    render(row('held-how-to-pass', { receivedAt, token: heldToken, missing: 'encryption' })),
    /OpenPGP key\./,
  );
  assert.match(
    render(row('held-how-to-pass', { receivedAt, token: heldToken, missing: 'tag-or-encryption' })),
    /, or\r\n/,
  );
});

test('a parked reader is told what is wrong, with no case and no content', () => {
  const text = render(row('reader-parked', { list: 'linux-distros', fault: 'expired' }));
  assert.match(text, /it has expired\./);
  assert.match(text, /Reply-To: linux-distros-owner@lists\.example\r\n/);
  assert.match(text, /Auto-Submitted: auto-generated\r\n/);
  assert.doesNotMatch(text, /VS-/);
});

test('every notice is printable ASCII, CRLF, of short lines, and no line begins with a dot', () => {
  const all = [
    row('receipt', { receivedAt }),
    row('held-how-to-pass', { receivedAt, token: heldToken, missing: 'tag' }),
    ...['expired', 'revoked', 'weak', 'no-encryption-key', 'unsupported-version', 'not-yet-valid'].map(
      (fault) => row('reader-parked', { fault }),
    ),
  ];
  for (const one of all) {
    const lines = render(one).split('\r\n');
    assert.equal(lines.at(-1), '');
    for (const line of lines) assert.match(line, /^(?!\.)[\x20-\x7e]{0,78}$/);
    assert.doesNotMatch(render(one), /^Embargod:/m);
  }
});

const injected = 'x\r\nBcc: eve@evil.example';
const refused: readonly (readonly [string, Row])[] = [
  ['malformed: receivedAt', row('receipt', { receivedAt: injected })],
  ['malformed: receivedAt', row('receipt', {})],
  ['malformed: inReplyTo', row('receipt', { receivedAt, inReplyTo: `<a@b>\r\nBcc: eve@evil.example` })],
  ['malformed: inReplyTo', row('receipt', { receivedAt, inReplyTo: '<the flaw is in the parser>' })],
  ['malformed: inReplyTo', row('receipt', { receivedAt, inReplyTo: `<${'a'.repeat(300)}@b>` })],
  ['malformed: inReplyTo', row('receipt', { receivedAt, inReplyTo: '' })],
  ['malformed: unknown-parameter', row('receipt', { receivedAt, title: 'overflow in libfoo' })],
  ['malformed: caseNumber', row('receipt', { receivedAt }, { caseNumber: 'VS-2026-0042\r\nx' })],
  ['malformed: token', row('held-how-to-pass', { receivedAt, token: `${heldToken}@`, missing: 'tag' })],
  ['malformed: missing', row('held-how-to-pass', { receivedAt, token: heldToken, missing: 'everything' })],
  [
    'malformed: caseNumber',
    row('held-how-to-pass', { receivedAt, token: heldToken, missing: 'tag' }, { caseNumber: 'VS-2026-0042' }),
  ],
  ['malformed: fault', row('reader-parked', { fault: 'toString' })],
  ['malformed: fault', row('reader-parked', {})],
  ['malformed: list', row('reader-parked', { fault: 'expired', list: 'other' })],
  ['malformed: caseNumber', row('receipt', { receivedAt, caseNumber: 'VS-2026-0001' })],
  ['malformed: caseNumber', row('reader-parked', { fault: 'expired' }, { caseNumber: 'VS-2026-0042' })],
  ['malformed: list', row('receipt', { receivedAt }, { list: injected })],
  ['malformed: id', row('receipt', { receivedAt }, { id: injected })],
  ['malformed: recipient', row('receipt', { receivedAt }, { recipient: injected as Address })],
  ['malformed: recipient', row('receipt', { receivedAt }, { recipient: 'jörg@example.org' as Address })],
  ['malformed: returnPath', row('receipt', { receivedAt }, { returnPath: 'a@lists.example' as Address })],
  ['malformed: template', row('other' as NoticeTemplate, {})],
];

test('what is not exactly a name, an instant or an id stops the notice, and is not repeated', () => {
  for (const [expected, one] of refused) assert.equal(render(one), expected);
});
