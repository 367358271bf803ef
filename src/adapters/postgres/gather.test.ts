import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gather } from './gather.ts';

const refused = (code: string) => Object.assign(new Error(code), { code });

test('who asks alone waits for nobody; who asks meanwhile goes together, up to the most, in order', async () => {
  const batches: (readonly number[])[] = [];
  let release = () => {};
  const ask = gather(async (items: readonly number[]) => {
    batches.push(items);
    if (batches.length === 1) await new Promise<void>((resolve) => (release = resolve));
    return items.map((item) => item * 2);
  }, 2);
  const first = ask(1);
  await new Promise((resolve) => setImmediate(resolve));
  const others = [ask(2), ask(3), ask(4)];
  release();
  assert.deepEqual(await Promise.all([first, ...others]), [2, 4, 6, 8]);
  assert.deepEqual(batches, [[1], [2, 3], [4]]);
  assert.equal(await ask(5), 10, 'and it goes on afterwards');
});

test('an item that the server refuses fails alone: the others are written', async () => {
  const written: string[] = [];
  const ask = gather(async (items: readonly string[]) => {
    if (items.includes('twice')) throw refused('23505');
    written.push(...items);
    return items.map(() => undefined);
  }, 10);
  const outcomes = await Promise.allSettled(['a', 'twice', 'b'].map(ask));
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  assert.deepEqual(written, ['a', 'b']);
});

test('a lost connection or a full disk fails all of them, and nothing is tried a second time', async () => {
  for (const code of ['ECONNRESET', '57P01', '53100']) {
    let runs = 0;
    const ask = gather(async (): Promise<readonly undefined[]> => {
      runs += 1;
      throw refused(code);
    }, 10);
    const outcomes = await Promise.allSettled([1, 2, 3].map(ask));
    assert.ok(outcomes.every(({ status }) => status === 'rejected'));
    assert.equal(runs, 1, code);
  }
});
