import assert from 'node:assert/strict';
import { test } from 'node:test';
import { community, noon } from '../../test/stand-ins/community.ts';
import { day, later } from '../time/instant.ts';
import { applyRosterEvent } from './apply-roster-event.ts';
import { custodianInForce, listsNotAdministered } from './custodian.ts';
import { proofOwedBy } from './proof.ts';
import { emptyRoster, type Roster } from './roster.ts';
import type { RosterEvent } from './roster-event.ts';

const list = 'linux-distros';
const rosterAfter = (...events: readonly RosterEvent[]): Roster =>
  [...community, ...events].reduce(applyRosterEvent, emptyRoster);
const replaced = (fingerprint: string, previous: string): RosterEvent => ({
  kind: 'list-key-replaced',
  list,
  fingerprint,
  previous,
  opensUntil: later(noon, 30 * day),
});

test('a list whose key was never replaced has no entry: its oldest key is current', () => {
  assert.equal(rosterAfter().mailKeys.get(list), undefined);
});

test('replaced twice within the grace, both earlier keys still open mail; each is destroyed by name', () => {
  const keys = rosterAfter(replaced('B', 'A'), replaced('C', 'B'), {
    kind: 'list-key-destroyed',
    list,
    fingerprint: 'A',
  }).mailKeys.get(list);
  assert.equal(keys?.current, 'C');
  assert.deepEqual(
    keys?.retiring.map(({ fingerprint }) => fingerprint),
    ['B'],
  );
  assert.deepEqual(keys?.destroyed, ['A']);
});

test('a revoked key is destroyed, and its revocation is kept to be handed out', () => {
  const certificate = Uint8Array.of(1, 2);
  const keys = rosterAfter(replaced('B', 'A'), {
    kind: 'list-key-revoked',
    list,
    fingerprint: 'A',
    certificate,
  });
  assert.deepEqual(keys.mailKeys.get(list), {
    current: 'B',
    retiring: [],
    destroyed: ['A'],
    revoked: [certificate],
  });
});

const asked: RosterEvent = {
  kind: 'administrators-must-prove',
  list,
  representatives: [{ id: 'alice', obligation: 'o-1' }],
  at: noon,
};

test('who must prove owes it for that list until they have, or administer it no more', () => {
  assert.ok(proofOwedBy(rosterAfter(asked), 'alice', list));
  assert.equal(proofOwedBy(rosterAfter(asked), 'alice', 'distros'), undefined);
  assert.equal(proofOwedBy(rosterAfter(asked), 'bob', list), undefined);
  for (const end of [
    { kind: 'administrator-proved', list, representative: 'alice', at: noon },
    { kind: 'administrator-removed', list, representative: 'alice' },
    { kind: 'representative-removed', representative: 'alice' },
  ] as const satisfies readonly RosterEvent[]) {
    assert.equal(proofOwedBy(rosterAfter(asked, end), 'alice'), undefined, end.kind);
  }
  const suspended = rosterAfter(asked, { kind: 'representative-suspended', representative: 'alice' });
  assert.ok(proofOwedBy(suspended, 'alice'), 'a suspension proves nothing');
});

test('asked again, only the newer request counts', () => {
  const again: RosterEvent = {
    ...asked,
    representatives: [{ id: 'alice', obligation: 'o-2' }],
    at: later(noon, day),
  };
  const { proofs } = rosterAfter(asked, again);
  assert.deepEqual(
    proofs.map(({ obligation, since }) => [obligation, since - noon]),
    [['o-2', day]],
  );
});

const everywhere: readonly RosterEvent[] = [
  { kind: 'administrator-added', list: 'other', representative: 'alice', effectiveFrom: noon },
];
const named: RosterEvent = { kind: 'custodian-named', representative: 'alice', effectiveFrom: noon };
const inForce = (...events: readonly RosterEvent[]) =>
  custodianInForce(rosterAfter(...everywhere, named, ...events), noon)?.id;

test('the custodian is in force from the announced moment, while they administer every private list', () => {
  assert.equal(inForce(), 'alice');
  assert.equal(custodianInForce(rosterAfter(...everywhere, named), later(noon, -1)), undefined);
  assert.deepEqual(listsNotAdministered(rosterAfter(), 'alice', noon), ['other']);
  assert.equal(custodianInForce(rosterAfter(named), noon), undefined, 'one list is missing');
  assert.equal(inForce(asked), undefined, 'has to prove their own key first');
});

test('the office ends for good with a suspension, a removal or one list less', () => {
  const back = { kind: 'representative-restored', representative: 'alice', effectiveFrom: noon } as const;
  assert.equal(inForce({ kind: 'representative-suspended', representative: 'alice' }, back), undefined);
  assert.equal(inForce({ kind: 'representative-removed', representative: 'alice' }), undefined);
  const gone = { kind: 'administrator-removed', list: 'distros', representative: 'alice' } as const;
  const returned = { ...gone, kind: 'administrator-added', effectiveFrom: noon } as const;
  assert.equal(inForce(gone, returned), undefined);
  assert.equal(inForce({ ...named, representative: 'bob' }), undefined, 'another was named');
});
