import assert from 'node:assert/strict';
import { test } from 'node:test';
import { certificateOf, domain, noon } from '../../../test/stand-ins/community.ts';
import { makeDesk } from '../../../test/stand-ins/desk.ts';
import {
  inClear,
  type LetterChanges,
  mailbox,
  makeCase,
  makeEnvelope,
  makeFiled,
  makeLetter,
  signedBy,
} from '../../../test/stand-ins/letters.ts';
import { type Instant, later } from '../../time/instant.ts';
import { automaticRepliesNeverEnter } from './automatic-replies-never-enter.ts';
import { bodyBelongsToOneCase } from './body-belongs-to-one-case.ts';
import { caseMustExist } from './case-must-exist.ts';
import { doubtfulAudienceIsNarrowed } from './doubtful-audience-is-narrowed.ts';
import { listMustBeKnown } from './list-must-be-known.ts';
import { mailFromBeforeARestoreIsHeld } from './mail-from-before-a-restore-is-held.ts';
import { mailMustFitTheList } from './mail-must-fit-the-list.ts';
import { newReportMustBeTaggedOrEncrypted } from './new-report-must-be-tagged-or-encrypted.ts';
import { newReportMustSaySomething } from './new-report-must-say-something.ts';
import { oneAuthorOnly } from './one-author-only.ts';
import { publicAddressIsAnAlarm } from './public-address-is-an-alarm.ts';
import type { Rule } from './rule.ts';
import { signatureMustNotBeInvalid } from './signature-must-not-be-invalid.ts';
import { signerMustNotBeSuspended } from './signer-must-not-be-suspended.ts';
import { unknownSignerIsMarked } from './unknown-signer-is-marked.ts';

const open = { kind: 'case-opened', case: makeCase() } as const;
const filed = { kind: 'message-filed', message: makeFiled({ bodyDigests: ['body-1'] }) } as const;
const desk = makeDesk([open, filed]);

function ask(rule: Rule, changes: LetterChanges = {}, at = desk) {
  return rule.judge(makeLetter(at, changes), at.knowledge)?.kind ?? 'passes';
}

const toOwner = { recipients: ['linux-distros-owner'] };
const toCase = { recipients: ['linux-distros+vs-2026-0042'], head: { subject: 'Re: it' } };
const names = (...fields: readonly string[]) => ({ head: { names: new Set(fields) } });

test('a new report in clear and without [vs] is held; either of the two lets it pass (FIELD §2)', () => {
  const rule = newReportMustBeTaggedOrEncrypted;
  assert.equal(ask(rule, { encryption: inClear, head: { subject: 'hello' } }), 'hold');
  assert.equal(ask(rule, { encryption: inClear, head: { subject: 'a [VS] b' } }), 'passes');
  assert.equal(ask(rule, { head: { subject: '...' } }), 'passes');
});

test('a new report without text, file or encrypted part is held; any of them lets it pass, and a reply may be empty', () => {
  const rule = newReportMustSaySomething;
  assert.equal(ask(rule, { text: ' \r\n' }), 'hold');
  assert.equal(ask(rule, { text: '' }), 'hold');
  assert.equal(ask(rule, { text: 'It overflows.' }), 'passes');
  assert.equal(ask(rule, { text: '', hasAttachment: true }), 'passes');
  assert.equal(
    ask(rule, { text: '', unopened: [{ fileName: 'a.gpg', keyIds: [], reason: 'not-for-us' }] }),
    'passes',
  );
  assert.equal(ask(rule, { text: '', recipients: toCase.recipients }), 'passes');
});

test('replies and mail to the administrators need no tag', () => {
  const plain = { encryption: inClear, head: { subject: 'Re: it' } };
  assert.equal(ask(newReportMustBeTaggedOrEncrypted, { ...plain, recipients: toCase.recipients }), 'passes');
  assert.equal(ask(newReportMustBeTaggedOrEncrypted, { ...plain, ...toOwner }), 'passes');
});

test('a tag that stands only in the clear header of a protected mail counts for nothing, the protected one does', () => {
  const hidden = { encryption: inClear, head: { subject: 'hello' }, outer: { subject: '[vs] hello' } };
  assert.equal(ask(newReportMustBeTaggedOrEncrypted, hidden), 'hold');
});

test('automatic replies and our own mail coming back are refused, encrypted or not', () => {
  for (const field of ['embargod-copy', 'x-autoreply', 'x-autorespond']) {
    assert.equal(ask(automaticRepliesNeverEnter, names(field)), 'refuse', field);
  }
  assert.equal(ask(automaticRepliesNeverEnter, { head: { autoSubmitted: 'auto-replied' } }), 'refuse');
});

test('a report whose subject talks of returned mail is a report', () => {
  const subject = '[vs] returned mail: delivery status notification parser RCE (out of office)';
  assert.equal(ask(automaticRepliesNeverEnter, { head: { subject } }), 'passes');
});

test('what is encrypted or tagged and merely looks automatic waits for a person', () => {
  assert.equal(ask(automaticRepliesNeverEnter, { head: { autoSubmitted: 'auto-generated' } }), 'hold');
  assert.equal(ask(automaticRepliesNeverEnter, { head: { precedence: 'bulk' } }), 'hold');
  assert.equal(ask(automaticRepliesNeverEnter, names('x-loop')), 'hold');
  assert.equal(ask(automaticRepliesNeverEnter, { envelope: { mailFrom: '' } }), 'hold');
  assert.equal(ask(automaticRepliesNeverEnter, { envelope: { mailFrom: '' }, encryption: inClear }), 'hold');
});

test('from nobody, in clear and untagged is a bounce', () => {
  const bounce = {
    envelope: { mailFrom: '' as const },
    encryption: inClear,
    head: { subject: 'Undelivered' },
  };
  assert.equal(ask(automaticRepliesNeverEnter, bounce), 'refuse');
});

test('Auto-Submitted: no, and a list’s precedence, are a person’s mail', () => {
  assert.equal(
    ask(automaticRepliesNeverEnter, { head: { autoSubmitted: 'no', precedence: 'list' } }),
    'passes',
  );
});

test('mail to a list that is gone, or is public, is nobody’s: a person looks', () => {
  const gone = { kind: 'new-report', list: 'gone', doubts: [], related: undefined } as const;
  assert.equal(ask(listMustBeKnown, { letter: { place: gone } }), 'hold');
  assert.equal(ask(listMustBeKnown, { letter: { place: { ...gone, list: 'oss-security' } } }), 'hold');
  assert.equal(ask(listMustBeKnown), 'passes');
});

test('the list’s own limit is exact', () => {
  const limit = 30 * 1024 * 1024;
  assert.equal(ask(mailMustFitTheList, { letter: { raw: new Uint8Array(limit) } }), 'passes');
  assert.equal(ask(mailMustFitTheList, { letter: { raw: new Uint8Array(limit + 1) } }), 'hold');
});

test('a suspended or removed member’s signature holds the mail; a good one does not', () => {
  const signature = signedBy(certificateOf('bob').fingerprint);
  assert.equal(ask(signerMustNotBeSuspended, { signature }), 'passes');
  for (const kind of ['representative-suspended', 'representative-removed'] as const) {
    assert.equal(
      ask(signerMustNotBeSuspended, { signature }, makeDesk([{ kind, representative: 'bob' }])),
      'hold',
    );
  }
});

test('an invalid signature is worse than none', () => {
  assert.equal(
    ask(signatureMustNotBeInvalid, { signature: { kind: 'invalid', keyId: 'A', reason: 'r' } }),
    'hold',
  );
  assert.equal(ask(signatureMustNotBeInvalid), 'passes');
});

test('two From fields, outside or inside, are held', () => {
  assert.equal(ask(oneAuthorOnly, { outer: { repeated: ['from'] } }), 'hold');
  assert.equal(ask(oneAuthorOnly, { head: { repeated: ['from'] } }), 'hold');
  assert.equal(ask(oneAuthorOnly, { head: { repeated: ['subject'] } }), 'passes');
});

test('a case that does not exist holds the mail, and does not say so outside (I9)', () => {
  assert.equal(ask(caseMustExist, { recipients: ['linux-distros+vs-1999-0001'] }), 'hold');
  assert.equal(ask(caseMustExist, toCase), 'passes');
});

test('a body that was seen is held as the mail, and as a part of another; in its own case a part is a quotation (K1)', () => {
  const inner = [
    {
      fileName: 'a.asc',
      contentType: 'text/plain',
      bytes: new Uint8Array(),
      signature: { kind: 'none' } as const,
      bodyDigest: 'body-1',
    },
  ];
  assert.equal(ask(bodyBelongsToOneCase, { bodyDigest: 'body-1' }), 'hold');
  assert.equal(ask(bodyBelongsToOneCase, { inner }), 'hold');
  assert.equal(ask(bodyBelongsToOneCase, { ...toOwner, inner }), 'hold');
  assert.equal(ask(bodyBelongsToOneCase, { ...toCase, inner }), 'passes');
  assert.equal(ask(bodyBelongsToOneCase, { ...toCase, bodyDigest: 'body-1' }), 'hold');
  assert.equal(ask(bodyBelongsToOneCase, { bodyDigest: 'body-2' }), 'passes');
});

test('a public list in To, Cc, Resent-To, protected or not, or in the envelope, alarms the members (M6)', () => {
  const to = [mailbox(`OSS-Security@${domain}`)];
  assert.equal(ask(publicAddressIsAnAlarm, { head: { cc: to } }), 'mark');
  assert.equal(ask(publicAddressIsAnAlarm, { outer: { to } }), 'mark');
  assert.equal(ask(publicAddressIsAnAlarm, { outer: { resentTo: to } }), 'mark');
  const both = makeEnvelope(['linux-distros', 'oss-security']);
  assert.equal(ask(publicAddressIsAnAlarm, { letter: { envelope: both } }), 'mark');
  assert.equal(ask(publicAddressIsAnAlarm), 'passes');
});

test('every doubt is put to the members as a question', () => {
  const doubts = [
    'new-tag-on-a-reply',
    'address-and-references-disagree',
    'subject-names-another-case',
    'several-case-addresses',
    'header-names-another-address',
    'sealed-by-nobody-on-the-case',
    'answers-a-case-of-another-list',
    'sent-to-several-lists',
    'lists-do-not-include-each-other',
  ] as const;
  for (const doubt of doubts) {
    const place = { kind: 'new-report', list: 'linux-distros', doubts: [doubt], related: undefined } as const;
    const found = doubtfulAudienceIsNarrowed.judge(makeLetter(desk, { letter: { place } }), desk.knowledge);
    assert.ok(found?.kind === 'mark' && found.inside.length > 20, doubt);
  }
  assert.equal(ask(doubtfulAudienceIsNarrowed), 'passes');
});

test('no signature, and one by a key nobody knows, are marked; a member’s is not', () => {
  assert.equal(ask(unknownSignerIsMarked), 'mark');
  assert.equal(ask(unknownSignerIsMarked, { signature: { kind: 'unknown-key', keyId: 'A' } }), 'mark');
  assert.equal(
    ask(unknownSignerIsMarked, { signature: signedBy(certificateOf('bob').fingerprint) }),
    'passes',
  );
});

test('what had waited when a backup was made is held after its restore; what came later passes (I12)', () => {
  const rule = mailFromBeforeARestoreIsHeld;
  const restored = (backupAt: Instant | undefined) =>
    makeDesk([
      {
        kind: 'database-restored',
        generation: 2,
        at: noon,
        backupAt,
        sizeBefore: 9,
        size: 7,
        withdrawn: [],
        lost: [],
      },
    ]);
  const { receivedAt } = makeLetter(desk, {});
  assert.equal(ask(rule), 'passes');
  assert.equal(ask(rule, {}, restored(receivedAt)), 'hold');
  assert.equal(ask(rule, {}, restored(later(receivedAt, -1))), 'passes');
  assert.equal(ask(rule, {}, restored(undefined)), 'hold');
});
