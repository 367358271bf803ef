import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { instantFromMilliseconds } from '../time/instant.ts';
import { drawCaseNumber } from './draw-case-number.ts';

const endOfYear = instantFromMilliseconds(Date.UTC(2026, 11, 31, 23, 59, 59));

function drawing(...numbers: readonly number[]) {
  const left = [...numbers];
  return () => left.shift() ?? assert.fail('drew more often than it should');
}

function takenUpTo(count: number): ReadonlySet<string> {
  return new Set(Array.from({ length: count }, (_, n) => `VS-2026-${String(n).padStart(4, '0')}`));
}

test('a number is of the year in UTC, with four digits', () => {
  assert.equal(drawCaseNumber(endOfYear, new Set(), drawing(42)), 'VS-2026-0042');
});

test('a number that a case has is never drawn again', () => {
  assert.equal(drawCaseNumber(endOfYear, new Set(['VS-2026-0042']), drawing(42, 42, 7)), 'VS-2026-0007');
});

test('the same digits of another year are free', () => {
  assert.equal(drawCaseNumber(endOfYear, new Set(['VS-2025-0042']), drawing(42)), 'VS-2026-0042');
});

test('every number of the year is as likely as the next: only the draw decides (I9)', () => {
  const limits: number[] = [];
  const draw = (below: number) => {
    limits.push(below);
    return below - 1;
  };
  assert.equal(drawCaseNumber(endOfYear, new Set(), draw), 'VS-2026-9999');
  assert.deepEqual(limits, [10_000]);
});

test('a crowded year goes on with six digits, so that drawing stays quick', () => {
  assert.equal(drawCaseNumber(endOfYear, takenUpTo(4_999), drawing(5_000)), 'VS-2026-5000');
  assert.equal(drawCaseNumber(endOfYear, takenUpTo(5_000), drawing(42)), 'VS-2026-000042');
});

test('whatever is taken, what is drawn is free and well-formed', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(9_999), { maxLength: 50 }),
      fc.infiniteStream(fc.nat(999_999)),
      (numbers, chance) => {
        const taken = new Set(numbers.map((n) => `VS-2026-${String(n).padStart(4, '0')}`));
        const number = drawCaseNumber(endOfYear, taken, (below) => chance.next().value % below);
        assert.ok(!taken.has(number));
        assert.match(number, /^VS-2026-\d{4}$/);
      },
    ),
  );
});
