import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatInstant, instantFromMilliseconds, later, parseInstant } from './instant.ts';

test('what is printed is read back as the same second', () => {
  const upTo9999 = fc.integer({ min: 0, max: 253_402_300_799 });
  fc.assert(
    fc.property(upTo9999, (seconds) => {
      const instant = instantFromMilliseconds(seconds * 1_000);
      assert.equal(parseInstant(formatInstant(instant)), instant);
    }),
  );
});

test('an offset is understood, and what is printed is UTC with Z', () => {
  const read = parseInstant('2026-12-01T18:00:00+02:00');
  assert.equal(read && formatInstant(read), '2026-12-01T16:00:00Z');
});

test('a time without a zone is no time: somebody would be a day early', () => {
  for (const text of ['2026-12-01T16:00', '2026-12-01', '2026-12-01 16:00:00', '']) {
    assert.equal(parseInstant(text), undefined, text);
  }
});

test('a day that the month does not have is refused, and is not the next month', () => {
  for (const text of [
    '2026-02-30T00:00Z',
    '2026-04-31T10:00Z',
    '2025-02-29T00:00:00Z',
    '2026-13-01T00:00Z',
  ]) {
    assert.equal(parseInstant(text), undefined, text);
  }
  assert.notEqual(parseInstant('2028-02-29T00:00Z'), undefined);
});

test('24:00 and impossible offsets are refused', () => {
  for (const text of ['2026-01-01T24:00:00Z', '2026-01-01T10:60Z', '2026-01-01T10:00+99:99']) {
    assert.equal(parseInstant(text), undefined, text);
  }
});

test('an instant is a whole, finite number', () => {
  for (const number of [0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => instantFromMilliseconds(number), RangeError);
  }
  assert.throws(() => later(instantFromMilliseconds(0), 0.1), RangeError);
});
