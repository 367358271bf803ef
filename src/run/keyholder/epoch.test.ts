import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noon } from '../../../test/stand-ins/community.ts';
import type { Epoch } from '../../message/ports.ts';
import { instantFromMilliseconds } from '../../time/instant.ts';
import { currentEpochs } from './epoch.ts';

const none: ReadonlySet<Epoch> = new Set();
const ended = (...names: readonly string[]) => new Set(names.map((name) => name as Epoch));

test('an epoch is the month in UTC (K1)', () => {
  assert.equal(currentEpochs(noon, none).month, '2026-11');
  const newYearsEve = instantFromMilliseconds(Date.UTC(2026, 11, 31, 23, 59, 59, 999));
  assert.equal(currentEpochs(newYearsEve, none).month, '2026-12');
});

test('an epoch that has ended is followed by the next of its kind, and never comes back (K6)', () => {
  assert.deepEqual(currentEpochs(noon, ended('2026-11', '2026-11.02', '2026-10')), {
    month: '2026-11.03',
    standing: 'standing',
  });
  assert.deepEqual(currentEpochs(noon, ended('standing')), { month: '2026-11', standing: 'standing.02' });
});

test('names sort as epochs follow each other: a door never goes back to an older one', () => {
  const names = ['2026-11', '2026-11.02', '2026-11.10', '2026-12'];
  assert.deepEqual(names.toSorted(), names);
});
