import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, certificateOf, noon } from '../../../test/stand-ins/community.ts';
import { makeKnowledge } from '../../../test/stand-ins/desk.ts';
import { makeCase } from '../../../test/stand-ins/letters.ts';
import type { Case, Reporter } from '../../case/case.ts';
import { day, later } from '../../time/instant.ts';
import type { Event } from '../journal/event.ts';
import { administratorsAudience, audienceOf } from './audience.ts';

const rita: Reporter = {
  id: 'rita',
  address: address('rita@reporter.example'),
  name: 'Rita',
  representative: undefined,
  certificate: certificateOf('rita'),
};
const gil = {
  id: 'gil',
  address: address('gil@up.example'),
  certificate: certificateOf('gil'),
  effectiveFrom: noon,
};

type Choice = { membersOnly?: boolean; signedBy?: string; from?: string; events?: readonly Event[] };

function reached(subject: Partial<Case>, choice: Choice = {}) {
  const audience = audienceOf(makeCase(subject), {
    roster: makeKnowledge(choice.events).roster,
    now: noon,
    membersOnly: choice.membersOnly ?? false,
    signedBy: choice.signedBy,
    from: choice.from ? address(choice.from) : undefined,
  });
  const { members, reporter, guests, withoutKey } = audience;
  return {
    members: members.map((one) => one.id),
    others: [...(reporter ? [reporter.id] : []), ...guests.map((one) => one.id)],
    withoutKey,
  };
}

const members = ['alice', 'bob'];

test('the participants of a case: members, reporter and guests (R1)', () => {
  assert.deepEqual(reached({ reporter: rita, guests: [gil] }), {
    members,
    others: ['rita', 'gil'],
    withoutKey: undefined,
  });
});

test('members only is members only, and says of nobody else that they were missed', () => {
  const keyless = { ...rita, certificate: undefined };
  assert.deepEqual(reached({ reporter: keyless, guests: [gil] }, { membersOnly: true }), {
    members,
    others: [],
    withoutKey: undefined,
  });
});

test('who signed as reporter or guest gets no copy of their own mail; a member does, as on any list', () => {
  const subject = { reporter: rita, guests: [gil] };
  assert.deepEqual(reached(subject, { signedBy: 'rita' }).others, ['gil']);
  assert.deepEqual(reached(subject, { signedBy: 'gil' }).others, ['rita']);
  assert.deepEqual(reached(subject, { signedBy: 'bob' }).members, members);
});

test('a guest reads from the announced moment on, not before (A6)', () => {
  assert.deepEqual(reached({ guests: [{ ...gil, effectiveFrom: later(noon, 1) }] }).others, []);
  assert.deepEqual(reached({ guests: [gil] }).others, ['gil']);
});

test('a reporter without a pinned certificate is not written to, and the members are told (R3)', () => {
  assert.deepEqual(reached({ reporter: { ...rita, certificate: undefined } }), {
    members,
    others: [],
    withoutKey: 'rita@reporter.example',
  });
});

test('a reporter without a certificate who wrote this very mail is not missed', () => {
  const reporter = { ...rita, certificate: undefined };
  assert.equal(reached({ reporter }, { from: 'Rita@reporter.example' }).withoutKey, undefined);
});

test('a reporter who is a member of the list has the members’ copy and no second', () => {
  const bob: Reporter = { ...rita, id: 'bob', representative: 'bob', address: address('bob@suse.example') };
  assert.deepEqual(reached({ reporter: { ...bob, certificate: undefined } }), {
    members,
    others: [],
    withoutKey: undefined,
  });
});

test('a reporter who wrote unsigned from a member’s address is not called unreached: that member reads', () => {
  const asBob = { ...rita, address: address('BOB@suse.example'), certificate: undefined };
  assert.deepEqual(reached({ reporter: asBob }), { members, others: [], withoutKey: undefined });
});

test('a representative of another list who reports reads as reporter, with their own certificate', () => {
  const olga: Reporter = {
    ...rita,
    id: 'olga',
    representative: 'olga',
    address: address('olga@other.example'),
  };
  assert.deepEqual(reached({ reporter: { ...olga, certificate: undefined } }).others, ['olga']);
});

test('a suspended representative reads nothing, as a reporter either (A6)', () => {
  const olga: Reporter = {
    ...rita,
    id: 'olga',
    representative: 'olga',
    address: address('olga@other.example'),
  };
  const events: readonly Event[] = [{ kind: 'representative-suspended', representative: 'olga' }];
  assert.deepEqual(reached({ reporter: olga }, { events }).others, []);
});

test('one person has one copy: a guest who is a member, or the reporter, has no second (M6)', () => {
  const asMember = { ...gil, address: address('bob@suse.example') };
  assert.deepEqual(reached({ guests: [asMember] }).others, []);
  const asReporter = { ...gil, address: address('RITA@reporter.example') };
  assert.deepEqual(reached({ reporter: rita, guests: [asReporter] }).others, ['rita']);
});

test('a reporter without a certificate who was invited as a guest is reached as one', () => {
  const invited = { ...gil, address: rita.address };
  const found = reached({ reporter: { ...rita, certificate: undefined }, guests: [invited] });
  assert.deepEqual(found, { members, others: ['gil'], withoutKey: undefined });
});

test('administrators of one list read nothing of another’s held mail', () => {
  const { roster } = makeKnowledge();
  assert.deepEqual(
    administratorsAudience(roster, 'linux-distros', noon).map((one) => one.id),
    ['alice'],
  );
  assert.deepEqual(administratorsAudience(roster, 'other', noon), []);
});

test('a reader whose every certificate still waits is among the readers, with none: parked, not forgotten', () => {
  const events: readonly Event[] = [
    {
      kind: 'representative-added',
      id: 'carol',
      member: 'SUSE',
      address: address('carol@suse.example'),
      certificate: certificateOf('carol'),
      effectiveFrom: later(noon, day),
    },
    { kind: 'representative-restored', representative: 'carol', effectiveFrom: noon },
  ];
  assert.deepEqual(reached({}, { events }).members, ['alice', 'bob', 'carol']);
});
