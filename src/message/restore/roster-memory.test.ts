import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noon } from '../../../test/stand-ins/community.ts';
import { makeKnowledge } from '../../../test/stand-ins/desk.ts';
import type { Event } from '../journal/event.ts';
import { emptyMemory, type RosterMemory, remembering, withdrawAgain } from './roster-memory.ts';

const rosterAfter = (...events: readonly Event[]) => makeKnowledge(events).roster;
const remembered = (...events: readonly Event[]) => remembering(emptyMemory, rosterAfter(...events));
const again = (memory: RosterMemory, ...restored: readonly Event[]) =>
  withdrawAgain(memory, rosterAfter(...restored), noon);
const suspended: Event = { kind: 'representative-suspended', representative: 'bob' };
const removed: Event = { kind: 'representative-removed', representative: 'bob' };
const named: Event = {
  kind: 'administrator-added',
  list: 'linux-distros',
  representative: 'bob',
  effectiveFrom: noon,
};
const dismissed: Event = { kind: 'administrator-removed', list: 'linux-distros', representative: 'bob' };

test('who was suspended or removed since is so again, with what was queued for them cancelled', () => {
  const { events, readers, cancelFor, told } = again(remembered(suspended));
  assert.deepEqual(events, [suspended]);
  assert.deepEqual([readers[0]?.id, readers[0]?.standing], ['bob', 'suspended']);
  assert.deepEqual(cancelFor, ['bob']);
  assert.match(told.join(), /^bob@\S+ \(\S+\), suspended$/);
  assert.deepEqual(again(remembered(removed)).events, [removed]);
  assert.deepEqual(again(remembered(removed), suspended).events, [removed]);
});

test('nothing is given back: who was suspended at the backup stays so, whatever is remembered', () => {
  assert.deepEqual(again(remembered(), suspended).events, []);
  assert.deepEqual(again(remembered(suspended), removed).events, []);
  assert.deepEqual(again(emptyMemory).events, []);
});

test('who was dismissed as administrator is so again; who was named later than the memory is not', () => {
  const before = remembering(emptyMemory, rosterAfter(named));
  const memory = remembering(before, rosterAfter(named, dismissed));
  assert.deepEqual(again(memory, named).events, [dismissed]);
  assert.deepEqual(again(remembered(), named).events, []);
  const back = remembering(memory, rosterAfter(named));
  assert.deepEqual(again(back, named).events, [], 'who was named again is one again');
});

test('a second restore, of a later backup, revives nobody whom the first had never known', () => {
  const newcomer: Event = {
    kind: 'representative-added',
    id: 'nora',
    member: 'SUSE',
    address: rosterAfter().representatives.get('bob')?.address ?? assert.fail('bob is there'),
    certificate:
      rosterAfter().representatives.get('bob')?.certificates[0]?.certificate ?? assert.fail('with a key'),
    effectiveFrom: noon,
  };
  const gone: Event = { kind: 'representative-removed', representative: 'nora' };
  const afterFirst = remembering(remembered(newcomer, gone), rosterAfter());
  assert.deepEqual(again(afterFirst, newcomer).events, [gone]);
});
