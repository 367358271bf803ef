import assert from 'node:assert/strict';
import { test } from 'node:test';
import { day, hour, instantFromMilliseconds, later, minute } from '../../time/instant.ts';
import { nextAttempt } from './next-attempt.ts';

const createdAt = instantFromMilliseconds(1_795_000_000_000);
const policy = { first: minute, longest: 4 * hour, giveUpAfter: 5 * day };

test('each wait doubles up to the longest, with a quarter of jitter either way', () => {
  const wait = (attempts: number, chance: number) =>
    (nextAttempt({ attempts, createdAt }, createdAt, policy, chance) ?? 0) - createdAt;
  assert.deepEqual(
    [0, 1, 2, 3].map((attempts) => wait(attempts, 0.5) / minute),
    [1, 2, 4, 8],
  );
  assert.equal(wait(0, 0), 0.75 * minute);
  assert.equal(wait(20, 0.5), 4 * hour);
  assert.equal(wait(5000, 0.5), 4 * hour);
});

test('the last attempt falls on the age itself; after it the row is given up', () => {
  const row = { attempts: 40, createdAt };
  const close = later(createdAt, 5 * day - minute);
  assert.equal(nextAttempt(row, close, policy, 0.9), later(createdAt, 5 * day));
  assert.equal(nextAttempt(row, later(createdAt, 5 * day), policy, 0.9), undefined);
});
