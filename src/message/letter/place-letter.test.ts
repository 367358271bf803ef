import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeKnowledge, tokenOf } from '../../../test/stand-ins/desk.ts';
import { makeCase, makeFiled, makeHead, messageId } from '../../../test/stand-ins/letters.ts';
import type { LetterHead } from '../../mail/letter-head.ts';
import type { ListAddress } from '../../mail/list-address.ts';
import { placeLetter } from './place-letter.ts';

const case42 = makeCase();
const case77 = makeCase({ number: 'VS-2026-0077', subject: '[vs] another flaw' });
const ofDistros = makeCase({ number: 'VS-2026-0500', list: 'distros' });
const filed = (caseNumber: string, ours: string, theirs: string) =>
  ({
    kind: 'message-filed',
    message: makeFiled({ caseNumber, messageId: messageId(ours), authorsMessageId: messageId(theirs) }),
  }) as const;
const knowledge = makeKnowledge([
  { kind: 'case-opened', case: case42 },
  { kind: 'case-opened', case: case77 },
  { kind: 'case-opened', case: ofDistros },
  filed('VS-2026-0042', 'ours-42', 'theirs-42'),
  filed('VS-2026-0077', 'ours-77', 'theirs-77'),
  filed('VS-2026-0500', 'ours-500', 'theirs-500'),
]);

const list = (name: string): ListAddress => ({ kind: 'list', list: name });
const toCase = (caseNumber: string, team = false, of = 'linux-distros'): ListAddress => ({
  kind: 'case',
  list: of,
  caseNumber,
  team,
});

function place(recipients: readonly ListAddress[], head: Partial<LetterHead> = {}) {
  return placeLetter(recipients, makeHead({ messageId: messageId('new'), ...head }), knowledge);
}

/** `VS-2026-0042 participants`, or `new-report distros`, and the doubts. */
function told(recipients: readonly ListAddress[], head: Partial<LetterHead> = {}) {
  const found = place(recipients, head);
  if (found.kind === 'case') return [`${found.case.number} ${found.scope}`, ...found.doubts];
  if (found.kind === 'new-report') return [`new-report ${found.list}`, ...found.doubts];
  return [found.kind];
}

const reply = (to: string): Partial<LetterHead> => ({
  subject: 'Re: [vs] a flaw',
  inReplyTo: [messageId(to)],
});

test('mail to a list that answers nothing is a new report', () => {
  assert.deepEqual(told([list('linux-distros')]), ['new-report linux-distros']);
});

test('the case address reaches the participants, .team the members only (R1)', () => {
  assert.deepEqual(told([toCase('VS-2026-0042')], reply('ours-42')), ['VS-2026-0042 participants']);
  assert.deepEqual(told([toCase('VS-2026-0042', true)], reply('ours-42')), ['VS-2026-0042 team']);
});

test('a case address needs no thread', () => {
  assert.deepEqual(told([toCase('VS-2026-0042')], { subject: 'an addition' }), ['VS-2026-0042 participants']);
});

test('a reply to the list is found by our id, by the author’s own, and by the last known of its References (M3)', () => {
  for (const id of ['ours-42', 'theirs-42']) {
    assert.deepEqual(told([list('linux-distros')], reply(id)), ['VS-2026-0042 list']);
  }
  const references = [messageId('theirs-77'), messageId('theirs-42'), messageId('unknown')];
  assert.deepEqual(told([list('linux-distros')], { subject: 'Re: it', references }), ['VS-2026-0042 list']);
});

test('In-Reply-To counts before References', () => {
  const head = { ...reply('ours-42'), references: [messageId('ours-77')] };
  assert.deepEqual(told([list('linux-distros')], head), ['VS-2026-0042 list']);
});

test('a reply whose parent never reached us is a new report, and is judged as one (R5)', () => {
  assert.deepEqual(told([list('linux-distros')], reply('never-seen')), ['new-report linux-distros']);
});

test('a fresh [vs] in answer to old mail opens a new report, with a doubt and the case it answered (R2)', () => {
  const found = place([list('linux-distros')], {
    subject: '[vs] new topic',
    inReplyTo: [messageId('ours-42')],
  });
  assert.deepEqual(found, {
    kind: 'new-report',
    list: 'linux-distros',
    doubts: ['new-tag-on-a-reply'],
    related: 'VS-2026-0042',
  });
});

test('a fresh [vs] with a new topic to a case address goes to its members only, who are asked (R2)', () => {
  assert.deepEqual(told([toCase('VS-2026-0042')], { subject: '[vs] quite another topic' }), [
    'VS-2026-0042 team',
    'new-tag-on-a-reply',
  ]);
});

test('the case’s own subject, sent again to its address without Re:, is no new topic', () => {
  assert.deepEqual(told([toCase('VS-2026-0042')], { subject: case42.subject }), [
    'VS-2026-0042 participants',
  ]);
});

test('an address of one case and a thread of another: members of the addressed one only (R2)', () => {
  assert.deepEqual(told([toCase('VS-2026-0042')], reply('ours-77')), [
    'VS-2026-0042 team',
    'address-and-references-disagree',
  ]);
});

test('a subject that names another case than the address does: members only (R2)', () => {
  assert.deepEqual(told([toCase('VS-2026-0042')], { subject: 'Re: VS-2026-0077 reply' }), [
    'VS-2026-0042 team',
    'subject-names-another-case',
  ]);
  assert.deepEqual(told([toCase('VS-2026-0042')], { subject: 'Re: VS-2026-0042 reply' }), [
    'VS-2026-0042 participants',
  ]);
  assert.deepEqual(told([toCase('VS-2026-0042')], { subject: 'as in VS-2019-0001' }), [
    'VS-2026-0042 participants',
  ]);
});

test('two case addresses at once: members of the first only, and they are asked', () => {
  assert.deepEqual(told([toCase('VS-2026-0042'), toCase('VS-2026-0077')], { subject: 'Re: both' }), [
    'VS-2026-0042 team',
    'several-case-addresses',
  ]);
  assert.deepEqual(told([toCase('VS-2026-0042'), toCase('VS-2026-0042', true)], { subject: 'Re: it' }), [
    'VS-2026-0042 team',
  ]);
});

test('a case address beside the list’s own is a reply to all: the case has it', () => {
  assert.deepEqual(told([list('linux-distros'), toCase('VS-2026-0042')], reply('ours-42')), [
    'VS-2026-0042 participants',
  ]);
});

test('a case that does not exist, or is another list’s, is told to nobody but the judge (R8)', () => {
  assert.deepEqual(told([toCase('VS-1999-0001')]), ['unknown-case']);
  assert.deepEqual(told([toCase('VS-2026-0042', false, 'distros')]), ['unknown-case']);
});

test('sent to both private lists: one report on the wider one, in whatever order, with a warning (M6)', () => {
  for (const both of [
    [list('linux-distros'), list('distros')],
    [list('distros'), list('linux-distros')],
  ]) {
    assert.deepEqual(told(both), ['new-report distros', 'sent-to-several-lists']);
  }
});

test('sent to lists that do not include each other: the first one, with a doubt', () => {
  assert.deepEqual(told([list('linux-distros'), list('other')]), [
    'new-report linux-distros',
    'lists-do-not-include-each-other',
  ]);
});

test('a reply sent to a narrower list than its case never reaches the wider list (I5, R2)', () => {
  assert.deepEqual(told([list('linux-distros')], reply('ours-500')), [
    'new-report linux-distros',
    'answers-a-case-of-another-list',
  ]);
  assert.deepEqual(told([list('other')], reply('ours-42')), [
    'new-report other',
    'answers-a-case-of-another-list',
  ]);
});

test('a reply sent to a wider list than its case stays with the case', () => {
  assert.deepEqual(told([list('distros')], reply('ours-42')), ['VS-2026-0042 list']);
});

test('bounces and answers about held mail are known by their address before all else but a list', () => {
  const token = tokenOf('held', 'x');
  const bounce: ListAddress = { kind: 'bounce', list: 'distros', token };
  const held: ListAddress = { kind: 'held', list: 'distros', token };
  assert.deepEqual(place([bounce]), { kind: 'bounce', list: 'distros', token });
  assert.equal(
    place([list('linux-distros'), bounce]).kind,
    'new-report',
    'no bounce goes to two addresses (T8)',
  );
  assert.deepEqual(place([toCase('VS-2026-0042'), held]), { kind: 'held-reply', list: 'distros', token });
});

test('mail for the administrators is no report; postmaster’s goes to the first list’s', () => {
  assert.deepEqual(place([{ kind: 'owner', list: 'distros' }]), { kind: 'owner', list: 'distros' });
  assert.deepEqual(place([{ kind: 'owner', list: undefined }]), { kind: 'owner', list: 'linux-distros' });
});

test('mail whose header could not be read is placed by its address alone', () => {
  assert.equal(placeLetter([toCase('VS-2026-0042')], undefined, knowledge).kind, 'case');
  assert.equal(placeLetter([list('other')], undefined, knowledge).kind, 'new-report');
});
