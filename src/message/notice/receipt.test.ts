import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, certificateOf, domain, noon } from '../../../test/stand-ins/community.ts';
import { readCopy } from '../../../test/stand-ins/copies.ts';
import { makeDesk } from '../../../test/stand-ins/desk.ts';
import {
  inClear,
  type LetterChanges,
  mailbox,
  makeEnvelope,
  makeLetter,
  signedBy,
} from '../../../test/stand-ins/letters.ts';
import type { MessageId } from '../../mail/letter-head.ts';
import { day, later } from '../../time/instant.ts';
import { fileNewReport } from '../file/file-letter.ts';
import { holdLetter } from '../hold/hold-letter.ts';
import type { Event } from '../journal/event.ts';
import type { Finding } from '../judge/rule.ts';
import type { ClearNotice } from '../plan.ts';
import { renderClearNotice } from './clear-notice.ts';

function filed(changes: LetterChanges = {}, events: readonly Event[] = [], now = noon) {
  const desk = makeDesk(events, now);
  const letter = makeLetter(desk, changes);
  assert.ok(letter.place.kind === 'new-report');
  return fileNewReport(letter, letter.place, [], desk);
}

const clearReceipts = (...about: Parameters<typeof filed>) => filed(...about).notices;
const sealedReceipt = (changes: LetterChanges) =>
  filed(changes).outgoing.find((one) => one.outer.notice && one.readers[0]?.role === 'reporter');

function rendered(notice: ClearNotice | undefined) {
  assert.ok(notice);
  const { template, parameters, ...row } = notice;
  return renderClearNotice(
    {
      ...row,
      id: 'row-1',
      returnPath: '',
      content: { kind: 'notice', template, parameters },
      createdAt: noon,
    },
    domain,
  );
}

const unaligned = { checked: true, spf: 'fail', dkim: [], dmarc: 'fail', aligned: false };
const rita = certificateOf('rita');
const pinned = { signature: signedBy(rita.fingerprint), enclosedCertificates: [rita] };
const told = (template: 'receipt' | 'held-how-to-pass' | 'reader-parked', at: typeof noon): Event => ({
  kind: 'notice-sent',
  template,
  address: address('RITA@reporter.example'),
  at,
});

test('an authenticated reporter gets a receipt that sender really writes: case, instant, what next, no content (R4)', () => {
  const [notice, ...others] = clearReceipts();
  assert.equal(others.length, 0);
  const mail = rendered(notice);
  assert.ok(mail.kind === 'notice', JSON.stringify(mail));
  assert.match(mail.text, /VS-2026-\d{4}/);
  assert.match(mail.text, /2026-11-23T12:00:00Z/);
  assert.doesNotMatch(mail.text, /frobnicate|overflows|Rita/);
});

test('nobody who is not authenticated is ever written to in clear: anyone could name anyone (R4)', () => {
  assert.deepEqual(clearReceipts({ envelope: { authentication: unaligned } }), []);
  assert.deepEqual(clearReceipts({ envelope: { mailFrom: '' } }), []);
  const twoAuthors = { outer: { from: [mailbox('rita@reporter.example'), mailbox('victim@x.example')] } };
  assert.deepEqual(clearReceipts(twoAuthors), []);
  assert.deepEqual(clearReceipts({ head: { from: [mailbox(`someone@${domain}`)] } }), []);
});

test('once a day per mailbox, counting both kinds of answer, and again after it (R4)', () => {
  for (const template of ['receipt', 'held-how-to-pass'] as const) {
    assert.deepEqual(clearReceipts({}, [told(template, later(noon, 1 - day))]), [], template);
    assert.equal(clearReceipts({}, [told(template, later(noon, -day))]).length, 1, template);
  }
  assert.equal(clearReceipts({}, [told('reader-parked', noon)]).length, 1);
});

test('what was told is remembered, so that the second report of the day is not answered', () => {
  const { events } = filed();
  assert.ok(events.some((event) => event.kind === 'notice-sent' && event.template === 'receipt'));
  assert.deepEqual(clearReceipts({}, events), []);
});

test('a pinned key gets a sealed receipt, and nothing in clear (A1)', () => {
  const receipt = sealedReceipt(pinned);
  assert.deepEqual(receipt?.readers[0]?.certificates, [rita]);
  assert.deepEqual(clearReceipts(pinned), []);
  const { told } = readCopy(receipt);
  assert.match(told, /sealed to the one you sent us/);
  assert.match(told, /at most 14 days/);
});

test('a certificate that came without its own signature over the report gets no sealed receipt', () => {
  assert.equal(sealedReceipt({ enclosedCertificates: [rita] }), undefined);
});

test('a member of another list has a sealed receipt to the key we know, which nobody "enclosed"', () => {
  const { told } = readCopy(sealedReceipt({ signature: signedBy(certificateOf('olga').fingerprint) }));
  assert.match(told, /the one we know you by/);
  assert.doesNotMatch(told, /enclosed/);
});

test('a member of the list sees their own copy and needs no receipt; who only claims to be one gets none either', () => {
  const byBob = { signature: signedBy(certificateOf('bob').fingerprint) };
  assert.deepEqual([sealedReceipt(byBob), clearReceipts(byBob)], [undefined, []]);
  assert.deepEqual(clearReceipts({ head: { from: [mailbox('bob@suse.example')] } }), []);
});

test('no id of a stranger stops the answer: one that sender would not repeat is left out', () => {
  for (const odd of [`<${'i'.repeat(900)}@x>`, '<ü@x.example>', '<no-at-sign>', '<a@b@c>']) {
    const mail = rendered(clearReceipts({ head: { messageId: odd as MessageId } })[0]);
    assert.ok(mail.kind === 'notice', odd);
    assert.doesNotMatch(mail.text, /In-Reply-To/);
  }
});

test('an address that a clear notice cannot be written to is not written to', () => {
  assert.deepEqual(clearReceipts({ head: { from: [mailbox('jürgen@reporter.example')] } }), []);
});

const untagged: Finding = {
  kind: 'hold',
  rule: 'new-report-must-be-tagged-or-encrypted',
  inside: 'i',
  outside: 'o',
};
const other: Finding = { ...untagged, rule: 'body-belongs-to-one-case' };

function heldNotices(findings: readonly Finding[], changes: LetterChanges = {}) {
  const desk = makeDesk();
  return holdLetter(makeLetter(desk, { encryption: inClear, ...changes }), findings, desk).notices;
}

test('who forgot the tag is told how to have it passed, in a notice that sender really writes', () => {
  const [notice] = heldNotices([untagged]);
  const mail = rendered(notice);
  assert.ok(mail.kind === 'notice', JSON.stringify(mail));
  assert.match(mail.text, /Reply-To: linux-distros\+held-[a-z2-7]{26}@/);
  assert.equal(notice?.caseNumber, undefined);
});

test('mail that is held for anything else waits silently: the sender learns nothing of what we know (I9)', () => {
  assert.deepEqual(heldNotices([untagged, other]), []);
  assert.deepEqual(heldNotices([other]), []);
  const envelope = makeEnvelope(['linux-distros'], { authentication: unaligned });
  assert.deepEqual(heldNotices([untagged], { letter: { envelope } }), []);
});
