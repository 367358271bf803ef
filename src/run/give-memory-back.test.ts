import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryWatch } from './give-memory-back.ts';

const megabyte = 1024 * 1024;

/** At which of the looks garbage was collected. */
function collections(looks: readonly number[]): readonly number[] {
  let now = 0;
  const found: number[] = [];
  const look = memoryWatch(() => found.push(now));
  for (const [index, megabytes] of looks.entries()) {
    now = index;
    look(megabytes * megabyte);
  }
  return found;
}

test('what a large mail leaves is collected, and what a small one leaves is not', () => {
  assert.deepEqual(collections([15, 15, 100, 15, 15, 15]), [2, 4]);
  assert.deepEqual(collections([15, 35, 15, 40, 15]), []);
});

test('what many small mails leave is collected when it has added up', () => {
  assert.deepEqual(collections([15, 30, 45, 60, 15]), [3]);
});

test('what a mail still held when it was collected in the midst of its work is collected after it', () => {
  const [first, ...more] = collections([15, 120, 90, 90, 15, 15, 15]);
  assert.equal(first, 1);
  assert.deepEqual(more, [3]);
});

test('what stays in use is looked through once, and not again and again', () => {
  const looks = [15, 90, ...Array(50).fill(90)];
  assert.ok(collections(looks).length <= 2);
});
