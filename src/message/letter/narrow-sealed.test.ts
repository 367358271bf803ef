import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, certificateOf } from '../../../test/stand-ins/community.ts';
import { makeDesk } from '../../../test/stand-ins/desk.ts';
import {
  type LetterChanges,
  mailbox,
  makeCase,
  makeLetter,
  signedBy,
} from '../../../test/stand-ins/letters.ts';
import { narrowSealed } from './narrow-sealed.ts';

const rita = certificateOf('rita');
const reporter = {
  id: 'rita',
  address: address('rita@reporter.example'),
  name: undefined,
  representative: undefined,
  certificate: rita,
};
const desk = makeDesk([{ kind: 'case-opened', case: makeCase({ reporter }) }]);

/** The scope, and the doubts that narrowed it. */
function told(changes: LetterChanges, to = 'linux-distros+vs-2026-0042'): readonly string[] {
  const head = { to: [openAddress], ...changes.head };
  const letter = makeLetter(desk, { recipients: [to], ...changes, head });
  const place = narrowSealed(letter.place, letter, desk);
  return place.kind === 'case' ? [place.scope, ...place.doubts] : [place.kind];
}

const openAddress = mailbox('linux-distros+vs-2026-0042@lists.example.org');
const byBob = { signature: signedBy(certificateOf('bob').fingerprint) };

test('sealed and signed by a member or a participant, it goes to the participants', () => {
  assert.deepEqual(told(byBob), ['participants']);
  assert.deepEqual(told({ signature: signedBy(rita.fingerprint) }), ['participants']);
});

test('sealed and unsigned, or signed by a stranger or a member of another list, it goes to members (K1)', () => {
  const narrowed = ['team', 'sealed-by-nobody-on-the-case'];
  assert.deepEqual(told({}), narrowed);
  assert.deepEqual(told({ signature: signedBy('F00D') }), narrowed);
  assert.deepEqual(told({ signature: signedBy(certificateOf('olga').fingerprint) }), narrowed);
});

test('what came in clear was secret from nobody', () => {
  assert.deepEqual(told({ encryption: { kind: 'none' } }), ['participants']);
});

test('a header that names only other addresses of ours narrows; one that names none of ours does not', () => {
  const narrowed = ['team', 'header-names-another-address'];
  const team = mailbox('linux-distros+vs-2026-0042.team@lists.example.org');
  assert.deepEqual(told({ ...byBob, head: { to: [team] } }), narrowed);
  assert.deepEqual(told({ ...byBob, head: { to: [mailbox('linux-distros@lists.example.org')] } }), narrowed);
  assert.deepEqual(told({ ...byBob, head: { to: [team], cc: [openAddress] } }), ['participants']);
  assert.deepEqual(told({ ...byBob, head: { to: [mailbox('rita@reporter.example')] } }), ['participants']);
});

test('what is for the team, or no reply, stays what it is', () => {
  assert.deepEqual(told({}, 'linux-distros+vs-2026-0042.team'), ['team']);
  assert.deepEqual(told({}, 'linux-distros'), ['new-report']);
});
