import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { instantFromMilliseconds } from '../time/instant.ts';
import { readMailDate } from './mail-date.ts';
import { formatMailDate } from './write-date.ts';

test('a date is written as RFC 5322 shows it, in UTC', () => {
  const instant = instantFromMilliseconds(Date.UTC(2026, 10, 3, 4, 5, 6));
  assert.equal(formatMailDate(instant), 'Tue, 3 Nov 2026 04:05:06 +0000');
});

test('our own reader reads back every date that we write', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_102_444_800 }), (seconds) => {
      const instant = instantFromMilliseconds(seconds * 1_000);
      assert.equal(readMailDate(formatMailDate(instant)), instant);
    }),
  );
});
