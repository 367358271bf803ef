import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, noon } from '../../../test/stand-ins/community.ts';
import { makeDesk } from '../../../test/stand-ins/desk.ts';
import {
  type LetterChanges,
  mailbox,
  makeCase,
  makeFiled,
  makeLetter,
  messageId,
  signedBy,
} from '../../../test/stand-ins/letters.ts';
import { later } from '../../time/instant.ts';
import type { FiledMessage } from '../journal/message-event.ts';
import { replayIsRefused } from './replay-is-refused.ts';

/** The report of the default letter opened VS-2026-0042 and was filed there. */
function verdict(changes: LetterChanges = {}, filed: Partial<FiledMessage> = {}) {
  const desk = makeDesk([
    { kind: 'case-opened', case: makeCase() },
    { kind: 'message-filed', message: makeFiled(filed) },
  ]);
  return replayIsRefused.judge(makeLetter(desk, changes), desk.knowledge);
}

const kind = (changes?: LetterChanges, filed?: Partial<FiledMessage>) =>
  verdict(changes, filed)?.kind ?? 'passes';
const sameId = {
  letter: { place: { kind: 'new-report', list: 'linux-distros', doubts: [], related: undefined } as const },
};

test('the very same report again, as a server sends it whose 250 was lost, is refused (I1, T8)', () => {
  assert.equal(kind(sameId), 'refuse');
});

test('the same content under another signature is another mail', () => {
  assert.equal(kind({ ...sameId, signature: signedBy('F00D', 'another') }), 'mark');
  assert.equal(kind({ ...sameId, signature: signedBy('F00D', 'one') }, { signatureDigest: 'one' }), 'refuse');
  assert.equal(kind({ ...sameId, signature: signedBy('F00D', 'two') }, { signatureDigest: 'one' }), 'mark');
});

test('a stolen report, sent in first by a thief, does not swallow the real one', () => {
  const stolen = { from: address('mallory@evil.example'), authorsMessageId: messageId('mallory') };
  assert.equal(kind(sameId, stolen), 'mark');
});

test('nor when the thief copied the Message-ID too', () => {
  assert.equal(kind(sameId, { from: address('mallory@evil.example') }), 'mark');
});

test('a thief who sent it under the reporter’s name into a case of their own does not swallow it either', () => {
  const asReply = { at: later(noon, 60_000) };
  assert.equal(kind(sameId, asReply), 'mark');
});

test('the same few words in two cases are two replies, even without any Message-ID', () => {
  const words = { head: { messageId: undefined, subject: 'Re: it' } };
  const filed = { authorsMessageId: undefined, subject: 'Re: it', scope: 'participants' } as const;
  assert.equal(kind({ ...words, recipients: ['linux-distros+vs-2026-0042'] }, filed), 'refuse');
  assert.equal(kind({ ...words, recipients: ['linux-distros+vs-2026-0042.team'] }, filed), 'mark');
  const other = { ...filed, subject: 'Re: another' };
  assert.equal(kind({ ...words, recipients: ['linux-distros+vs-2026-0042'] }, other), 'mark');
  assert.equal(kind({ ...words, recipients: ['linux-distros-owner'] }, filed), 'mark');
  const elsewhere = makeDesk([
    { kind: 'case-opened', case: makeCase() },
    { kind: 'case-opened', case: makeCase({ number: 'VS-2026-0077' }) },
    { kind: 'message-filed', message: makeFiled(filed) },
  ]);
  const letter = makeLetter(elsewhere, { ...words, recipients: ['linux-distros+vs-2026-0077'] });
  assert.equal(replayIsRefused.judge(letter, elsewhere.knowledge)?.kind, 'mark');
});

test('the same content sent again by its author as a new mail is marked', () => {
  assert.equal(kind({ ...sameId, head: { messageId: messageId('again') } }), 'mark');
});

test('another mail with a Message-ID that we know is marked, never refused (T8)', () => {
  const found = verdict({ entity: new TextEncoder().encode('\r\nOther.\r\n'), contentDigest: 'other' });
  assert.equal(found?.kind, 'mark');
  assert.match(found?.inside ?? '', /Message-ID/);
});

test('new content with a new id passes', () => {
  const fresh = {
    contentDigest: 'other',
    head: { messageId: messageId('fresh'), from: [mailbox('a@b.example')] },
  };
  assert.equal(kind(fresh), 'passes');
});
