import assert from 'node:assert/strict';
import { test } from 'node:test';
import { certificateOf } from '../../../test/stand-ins/community.ts';
import { makeDesk } from '../../../test/stand-ins/desk.ts';
import { mailbox, makeLetter, signedBy } from '../../../test/stand-ins/letters.ts';
import { keyShouldNameItsAuthor } from './key-should-name-its-author.ts';

const desk = makeDesk();
const rita = { ...certificateOf('rita'), userIds: ['Rita <rita@example.org>', 'rita@home.example'] };

function verdict(from: string, userIds = rita.userIds, signature = signedBy(rita.fingerprint)): string {
  const letter = makeLetter(desk, {
    head: { from: [mailbox(from)] },
    signature,
    enclosedCertificates: [{ ...rita, userIds }],
  });
  return keyShouldNameItsAuthor.judge(letter, desk.knowledge)?.kind ?? 'passes';
}

test('a report from an address that the key which signed it does not name is marked (A1)', () => {
  assert.equal(verdict('mallory@evil.example'), 'mark');
  assert.equal(verdict('rita@example.org', []), 'mark');
  assert.equal(verdict('rita@example.org', ['rita@example.org <mallory@evil.example>']), 'mark');
});

test('one that the key names is not, nor one that no such key signed', () => {
  assert.equal(verdict('Rita@example.org'), 'passes');
  assert.equal(verdict('rita@home.example'), 'passes');
  assert.equal(verdict('mallory@evil.example', rita.userIds, { kind: 'none' }), 'passes');
});
