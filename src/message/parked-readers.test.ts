import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, noon } from '../../test/stand-ins/community.ts';
import { readCopy } from '../../test/stand-ins/copies.ts';
import { makeDesk } from '../../test/stand-ins/desk.ts';
import { day, later } from '../time/instant.ts';
import { planParked } from './parked-readers.ts';
import type { ObligationRow, ParkedReader } from './ports.ts';

function waits(readerId: string, list = 'linux-distros'): ParkedReader {
  return { readerId, recipient: address(`${readerId}@suse.example`), list };
}

function task(subject: string, kind = 'repair-certificate'): ObligationRow {
  const list = 'linux-distros';
  const dueAt = later(noon, day);
  return { id: `task-${subject}`, kind, list, subject, owner: 'administrators', openedAt: noon, dueAt };
}

test('each reader whose mail waits is one task; one alarm a list names them all (I5)', () => {
  const parked = [waits('bob'), waits('bea'), waits('fred', 'distros')];
  const plan = planParked({ parked, obligations: [] }, makeDesk());
  assert.deepEqual(
    plan.obligationsOpened.map(({ subject, list, dueAt }) => [subject, list, dueAt]),
    parked.map(({ readerId, list }) => [readerId, list, later(noon, day)]),
  );
  assert.equal(plan.outgoing.length, 2);
  assert.match(readCopy(plan.outgoing[0]).ourPart, /bob@suse\.example,\s+bea@suse\.example/);
});

test('who has a task is told of no more, and a task ends when nothing waits', () => {
  const obligations = [task('bob'), task('bea'), task('row-1', 'repair-delivery')];
  const plan = planParked({ parked: [waits('bob')], obligations }, makeDesk());
  assert.deepEqual([plan.obligationsOpened, plan.outgoing], [[], []]);
  assert.deepEqual(plan.obligationsSettled, [{ id: 'task-bea', ending: 'nothing waits any more' }]);
  assert.deepEqual(plan.events, [
    { kind: 'obligation-settled', obligation: 'task-bea', ending: 'nothing waits any more' },
  ]);
});
