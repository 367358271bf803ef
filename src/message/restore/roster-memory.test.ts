import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noon } from '../../../test/stand-ins/community.ts';
import { makeKnowledge } from '../../../test/stand-ins/desk.ts';
import { mergeWords, wordCertificate, wordsOf } from '../../../test/stand-ins/word-certificates.ts';
import { currentCertificates } from '../../membership/roster.ts';
import { day, type Instant, later } from '../../time/instant.ts';
import type { Event } from '../journal/event.ts';
import { emptyMemory, type RosterMemory, remembering, withdrawAgain } from './roster-memory.ts';

const rosterAfter = (...events: readonly Event[]) => makeKnowledge(events).roster;
const remembered = (...events: readonly Event[]) => remembering(emptyMemory, rosterAfter(...events));
const again = (memory: RosterMemory, ...restored: readonly Event[]) =>
  withdrawAgain(memory, rosterAfter(...restored), { now: noon, merge: mergeWords });
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

const list = 'linux-distros';
const replaced: Event = {
  kind: 'list-key-replaced',
  list,
  fingerprint: 'B',
  previous: 'A',
  opensUntil: noon,
};
const stolen: Event = { kind: 'list-key-revoked', list, fingerprint: 'A', certificate: Uint8Array.of(1, 2) };
const replacedAgain: Event = { ...replaced, fingerprint: 'C', previous: 'B' };

test('a key that was replaced or stolen since is so again: no list looks for one that was destroyed', () => {
  const truth = rosterAfter(replaced, stolen, replacedAgain);
  const memory: RosterMemory = JSON.parse(JSON.stringify(remembering(emptyMemory, truth)));
  for (const restored of [[], [replaced], [replaced, stolen]]) {
    const { events } = again(memory, ...restored);
    assert.deepEqual(rosterAfter(...restored, ...events).mailKeys.get(list), truth.mailKeys.get(list));
  }
  assert.deepEqual(again(memory, replaced, stolen, replacedAgain).events, [], 'nothing was lost');
  const newer: Event = { ...replaced, fingerprint: 'D', previous: 'C' };
  assert.deepEqual(
    again(memory, replaced, stolen, replacedAgain, newer).events,
    [],
    'the journal knows more',
  );
});

test('a custodian of before the backup is none again; without a memory nobody is dismissed', () => {
  const custodian: Event = { kind: 'custodian-named', representative: 'alice', effectiveFrom: noon };
  const ended: Event = { kind: 'custodian-dismissed', representative: 'alice' };
  assert.deepEqual(again(remembered(custodian, ended), custodian).events, [ended]);
  assert.deepEqual(again(remembered(custodian), custodian).events, []);
  assert.deepEqual(again(emptyMemory, custodian).events, []);
});

test('who had yet to prove their key still has to, under the same question, with a task', () => {
  const asked: Event = {
    kind: 'administrators-must-prove',
    list,
    representatives: [{ id: 'alice', obligation: 'o-1' }],
    at: noon,
  };
  const { events, obligationsOpened } = again(remembered(asked));
  assert.deepEqual(events, [asked]);
  assert.deepEqual(
    obligationsOpened.map(({ id, kind, owner }) => [id, kind, owner]),
    [['o-1', 'prove-key', 'alice@debian.example']],
  );
  assert.deepEqual(again(remembered(asked), asked).events, []);
});

const certified = (words: string, effectiveFrom: Instant = noon): Event => ({
  kind: 'certificate-added',
  representative: 'bob',
  certificate: wordCertificate(words),
  effectiveFrom,
});
const bobAt = (at: Instant, ...events: readonly Event[]) => {
  const bob = rosterAfter(...events).representatives.get('bob') ?? assert.fail('bob is there');
  return currentCertificates(bob, at).map((one) => wordsOf(one).join(' '));
};

test('what somebody had revoked since the backup is revoked again; what they prolonged is not taken from a memory', () => {
  const memory: RosterMemory = JSON.parse(
    JSON.stringify(remembered(certified('k1 k2'), certified('k1 k2 -k1 +9d'))),
  );
  const { events, readers, cancelFor, told } = again(memory, certified('k1 k2'));
  assert.deepEqual(bobAt(noon, certified('k1 k2'), ...events), ['k1 k2 -k1']);
  assert.deepEqual([readers[0]?.id, readers[0]?.standing, cancelFor], ['bob', 'active', ['bob']]);
  assert.match(told.join(), /^bob@suse\.example \(SUSE\), who had revoked a certificate$/);
  assert.deepEqual(
    again(memory, certified('k1 k2'), certified('k1 k2 -k1 +9d')).events,
    [],
    'nothing was lost',
  );
});

test('a version that waited at the backup keeps its time, and learns of the revocation', () => {
  const memory = remembered(certified('k1'), certified('k1 k2'), certified('k1 k2 -k1'));
  const tomorrow = later(noon, day);
  const restored = [certified('k1'), certified('k1 k2', tomorrow)];
  const { events } = again(memory, ...restored);
  assert.deepEqual(bobAt(noon, ...restored, ...events), ['k1 -k1']);
  assert.deepEqual(bobAt(tomorrow, ...restored, ...events), ['k1 k2 -k1']);
});
