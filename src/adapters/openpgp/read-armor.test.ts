import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readArmorBlocks } from './read-armor.ts';

const blocksOf = (text: string) => readArmorBlocks(new TextEncoder().encode(text));

test('a block’s type is read from its BEGIN line, and no more of it than any type has', () => {
  const [first, second] = blocksOf(
    '-----BEGIN PGP MESSAGE, PART 1/2-----\n\nAAAA\n-----BEGIN PGP SIGNATURE-----\n\n',
  );
  assert.deepEqual([first?.type, second?.type], ['MESSAGE, PART 1/2', undefined]);
  assert.ok((blocksOf(`-----BEGIN PGP ${'x'.repeat(10_000)}-----\n`)[0]?.type.length ?? 0) < 100);
});

test('a BEGIN line of a million dashes ends', () => {
  // Looked at again from each of them, it kept the child busy until it was killed: for one mail in clear, by anybody.
  assert.equal(blocksOf(`-----BEGIN PGP ${'-'.repeat(1_000_000)}x\n\nAAAA\n`).length, 1);
});
