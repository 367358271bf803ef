import assert from 'node:assert/strict';
import { test } from 'node:test';
import { certificateOf, noon } from '../../../test/stand-ins/community.ts';
import { readCopy } from '../../../test/stand-ins/copies.ts';
import { makeDesk, tokenOf } from '../../../test/stand-ins/desk.ts';
import { makeLetter } from '../../../test/stand-ins/letters.ts';
import { hour, type Instant, later } from '../../time/instant.ts';
import type { Event } from '../journal/event.ts';
import { settleLapsedProofs } from './settle-lapsed-proofs.ts';
import { takeProof } from './take-proof.ts';

const list = 'linux-distros';
const asked: Event = {
  kind: 'administrators-must-prove',
  list,
  representatives: [{ id: 'alice', obligation: 'o-1' }],
  at: noon,
};
const token = tokenOf('prove', `${list} alice ${noon}`);
const { fingerprint } = certificateOf('alice');

/** Alice answers an hour after she was asked; her signature is of the given instant. */
function answer(signedAt: Instant, events: readonly Event[] = [], to = token) {
  const desk = makeDesk([asked, ...events], later(noon, hour));
  const letter = makeLetter(desk, {
    recipients: [`${list}+prove-${to}`],
    signature: { kind: 'valid', fingerprint, signedAt, digest: 'd' },
  });
  assert.equal(letter.place.kind, 'proof');
  return takeProof(letter, { kind: 'proof', list, token: to }, [], desk);
}

const proves = (plan: ReturnType<typeof answer>) =>
  plan.events.some((event) => event.kind === 'administrator-proved');
const note = (plan: ReturnType<typeof answer>) => JSON.stringify(plan.outgoing.map((one) => readCopy(one)));

test('a signature made after the request proves it, and settles the task', () => {
  const plan = answer(later(noon, 1));
  assert.ok(proves(plan));
  assert.deepEqual(plan.obligationsSettled, [{ id: 'o-1', ending: 'done' }]);
});

test('what was signed before, or is dated in the future, proves nothing and is read by the administrators', () => {
  for (const [signedAt, why] of [
    [noon, /signed before it was asked for/],
    [later(noon, 2 * hour), /dated in the future/],
  ] as const) {
    const plan = answer(signedAt);
    assert.ok(!proves(plan));
    assert.deepEqual(plan.obligationsSettled, []);
    assert.match(note(plan), why);
  }
});

test('an address that was made up, or whose question was answered, is mail to the administrators', () => {
  const proved: Event = { kind: 'administrator-proved', list, representative: 'alice', at: noon };
  for (const plan of [answer(later(noon, 1), [], 'a'.repeat(26)), answer(later(noon, 1), [proved])]) {
    assert.ok(!proves(plan));
    assert.equal(plan.events[0]?.kind, 'administrators-written-to');
  }
});

test('a key that does not take effect yet proves nothing (A6)', () => {
  const desk = makeDesk(
    [
      asked,
      {
        kind: 'certificate-added',
        representative: 'alice',
        certificate: certificateOf('alice-2'),
        effectiveFrom: later(noon, 24 * hour),
      },
    ],
    later(noon, hour),
  );
  const signature = {
    kind: 'valid',
    fingerprint: certificateOf('alice-2').fingerprint,
    signedAt: later(noon, 1),
    digest: 'd',
  } as const;
  const letter = makeLetter(desk, { recipients: [`${list}+prove-${token}`], signature });
  const plan = takeProof(letter, { kind: 'proof', list, token }, [], desk);
  assert.ok(!proves(plan));
  assert.match(note(plan), /not in force/);
});

test('tasks whose question is asked of nobody any more are settled; others stay', () => {
  const row = {
    kind: 'prove-key',
    list,
    subject: 'alice',
    owner: 'alice@debian.example',
    openedAt: noon,
    dueAt: later(noon, hour),
  };
  const rows = [
    { id: 'o-1', ...row },
    { id: 'o-0', ...row },
    { id: 'o-2', ...row, kind: 'publish' },
  ];
  const plan = settleLapsedProofs(rows, makeDesk([asked]));
  assert.deepEqual(
    plan?.obligationsSettled.map(({ id }) => id),
    ['o-0'],
  );
  assert.equal(settleLapsedProofs(rows.slice(0, 1), makeDesk([asked])), undefined);
});
