import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, certificateOf, community, founding, joins, noon } from '../../test/stand-ins/community.ts';
import { day, later } from '../time/instant.ts';
import { applyRosterEvent } from './apply-roster-event.ts';
import {
  administratorsOf,
  currentCertificates,
  emptyRoster,
  findRepresentative,
  ownerOfCertificate,
  privateLists,
  type Roster,
  representativesOf,
} from './roster.ts';
import type { RosterEvent } from './roster-event.ts';

const tomorrow = later(noon, day);

function rosterAfter(...events: readonly RosterEvent[]): Roster {
  return [...community, ...events].reduce(applyRosterEvent, emptyRoster);
}

function readersOf(roster: Roster, list: string, now = noon): readonly string[] {
  return representativesOf(roster, list, now).map((person) => person.id);
}

test('an event leaves the roster before it untouched', () => {
  const before = rosterAfter();
  applyRosterEvent(before, { kind: 'representative-suspended', representative: 'bob' });
  assert.deepEqual(readersOf(before, 'linux-distros'), ['alice', 'bob']);
});

test('a list that includes another is read by the members of both, the other by its own only', () => {
  assert.deepEqual(readersOf(rosterAfter(), 'distros'), ['alice', 'bob', 'fred']);
  assert.deepEqual(readersOf(rosterAfter(), 'linux-distros'), ['alice', 'bob']);
});

test('who joins reads from the announced moment on, and not a millisecond earlier (A6)', () => {
  const roster = rosterAfter(joins('carol', 'SUSE', { effectiveFrom: tomorrow }));
  assert.ok(!readersOf(roster, 'linux-distros', later(tomorrow, -1)).includes('carol'));
  assert.ok(readersOf(roster, 'linux-distros', tomorrow).includes('carol'));
});

test('suspension and removal take effect at once, restoring when it says (A6)', () => {
  const suspended = rosterAfter({ kind: 'representative-suspended', representative: 'bob' });
  assert.deepEqual(readersOf(suspended, 'linux-distros'), ['alice']);
  const restored = applyRosterEvent(suspended, {
    kind: 'representative-restored',
    representative: 'bob',
    effectiveFrom: tomorrow,
  });
  assert.deepEqual(readersOf(restored, 'linux-distros'), ['alice']);
  assert.deepEqual(readersOf(restored, 'linux-distros', tomorrow), ['alice', 'bob']);
  const removed = applyRosterEvent(restored, { kind: 'representative-removed', representative: 'bob' });
  assert.deepEqual(readersOf(removed, 'linux-distros', tomorrow), ['alice']);
});

test('one person on two rows gets one copy (M6)', () => {
  const twin = joins('twin', 'SUSE', { address: address('ALICE@debian.example') });
  assert.deepEqual(readersOf(rosterAfter(twin), 'linux-distros'), ['alice', 'bob']);
});

test('a suspended administrator reads no held mail, nor one whose naming still waits', () => {
  const naming: RosterEvent = {
    kind: 'administrator-added',
    list: 'linux-distros',
    representative: 'bob',
    effectiveFrom: tomorrow,
  };
  const roster = rosterAfter(naming, { kind: 'representative-suspended', representative: 'alice' });
  assert.deepEqual(administratorsOf(roster, 'linux-distros', noon), []);
  assert.deepEqual(
    administratorsOf(roster, 'linux-distros', tomorrow).map((person) => person.id),
    ['bob'],
  );
});

test('an administrator who is named twice or removed is one, or none', () => {
  const named = rosterAfter({
    kind: 'administrator-added',
    list: 'linux-distros',
    representative: 'alice',
    effectiveFrom: founding,
  });
  assert.equal(administratorsOf(named, 'linux-distros', noon).length, 1);
  const removed = applyRosterEvent(named, {
    kind: 'administrator-removed',
    list: 'linux-distros',
    representative: 'alice',
  });
  assert.deepEqual(administratorsOf(removed, 'linux-distros', noon), []);
  assert.equal(administratorsOf(removed, 'distros', noon).length, 1);
});

test('while a renewed certificate waits (A6), copies go on to the one before it', () => {
  const renewed = certificateOf('bob', 2);
  const roster = rosterAfter({
    kind: 'certificate-added',
    representative: 'bob',
    certificate: renewed,
    effectiveFrom: tomorrow,
  });
  const bob = roster.representatives.get('bob');
  assert.ok(bob);
  assert.deepEqual(currentCertificates(bob, noon), [certificateOf('bob', 1)]);
  assert.deepEqual(currentCertificates(bob, tomorrow), [renewed]);
});

test('a further certificate of one person stands beside the first (R7)', () => {
  const roster = rosterAfter({
    kind: 'certificate-added',
    representative: 'bob',
    certificate: certificateOf('bob-smartcard'),
    effectiveFrom: founding,
  });
  const bob = roster.representatives.get('bob');
  assert.equal(bob && currentCertificates(bob, noon).length, 2);
});

test('somebody who left and came back with the same key is the one who is here', () => {
  const roster = rosterAfter(
    { kind: 'representative-removed', representative: 'bob' },
    joins('bob-again', 'SUSE', { certificate: certificateOf('bob') }),
  );
  assert.equal(ownerOfCertificate(roster, certificateOf('bob').fingerprint)?.id, 'bob-again');
});

test('of two who shared a key (R7), the one who is still here owns it', () => {
  const roster = rosterAfter(joins('bob-too', 'SUSE', { certificate: certificateOf('bob') }), {
    kind: 'representative-removed',
    representative: 'bob-too',
  });
  assert.equal(ownerOfCertificate(roster, certificateOf('bob').fingerprint)?.id, 'bob');
});

test('the key of somebody who left is still known as theirs', () => {
  const roster = rosterAfter({ kind: 'representative-removed', representative: 'bob' });
  assert.equal(ownerOfCertificate(roster, certificateOf('bob').fingerprint)?.id, 'bob');
  assert.equal(ownerOfCertificate(roster, certificateOf('nobody').fingerprint), undefined);
});

test('a removed representative is found by nobody; a suspended one is', () => {
  const suspended = rosterAfter({ kind: 'representative-suspended', representative: 'bob' });
  const bob = suspended.representatives.get('bob');
  assert.ok(bob);
  assert.equal(findRepresentative(suspended, 'SUSE', bob.address)?.id, 'bob');
  assert.equal(findRepresentative(suspended, 'Debian', bob.address), undefined);
  const removed = rosterAfter({ kind: 'representative-removed', representative: 'bob' });
  assert.equal(findRepresentative(removed, 'SUSE', bob.address), undefined);
});

test('an event about somebody unknown changes nothing', () => {
  const before = rosterAfter();
  assert.deepEqual(rosterAfter({ kind: 'representative-removed', representative: 'ghost' }), before);
});

test('public lists are no private ones', () => {
  assert.deepEqual(
    privateLists(rosterAfter()).map((list) => list.name),
    ['linux-distros', 'distros', 'other'],
  );
});
