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
import { hour, later } from '../../time/instant.ts';
import { clearMailMustNotStorm } from './clear-mail-must-not-storm.ts';

const from = address('bob@suse.example');

/** So many unsigned mails of Bob's in the case within the last minute. */
function verdict(count: number, changes: LetterChanges = {}): string {
  const desk = makeDesk([
    { kind: 'case-opened', case: makeCase() },
    ...Array.from(
      { length: count },
      (_, index) =>
        ({
          kind: 'message-filed',
          message: makeFiled({
            from,
            messageId: messageId(`ours-${index}`),
            authorsMessageId: messageId(`his-${index}`),
          }),
        }) as const,
    ),
  ]);
  const letter = makeLetter(desk, {
    recipients: ['linux-distros+vs-2026-0042'],
    encryption: { kind: 'none' },
    head: { from: [mailbox('Bob@SUSE.example')], messageId: messageId('next') },
    ...changes,
  });
  return clearMailMustNotStorm.judge(letter, desk.knowledge)?.kind ?? 'passes';
}

test('the sixth unsigned clear mail of one author to one case within an hour is held', () => {
  assert.equal(verdict(4), 'passes');
  assert.equal(verdict(5), 'hold');
  assert.equal(verdict(5, { letter: { receivedAt: later(noon, hour + 1) } }), 'passes');
});

test('what is signed, sealed, of somebody else, or a report of its own, is not counted against anybody', () => {
  assert.equal(verdict(9, { signature: signedBy('F00D') }), 'passes');
  assert.equal(verdict(9, { encryption: { kind: 'inline', keyId: 'K', list: 'linux-distros' } }), 'passes');
  assert.equal(verdict(9, { head: { from: [mailbox('rita@reporter.example')] } }), 'passes');
  assert.equal(verdict(9, { recipients: ['linux-distros'] }), 'passes');
});
