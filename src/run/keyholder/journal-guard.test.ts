import assert from 'node:assert/strict';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { checkAgainst, JournalFault, journalGuard } from './journal-guard.ts';

const head = (generation: number, size: number, byte: number) => ({
  generation,
  size,
  head: Buffer.alloc(32, byte),
});

async function guardIn(context: TestContext) {
  const directory = await mkdtemp(join(tmpdir(), 'guard-'));
  context.after(() => rm(directory, { recursive: true, force: true }));
  const file = join(directory, 'keys', 'journal-head');
  return { file, guard: journalGuard(file) };
}

test('a keyholder that starts for the first time remembers nothing', async (context) => {
  const { guard } = await guardIn(context);
  assert.equal(await guard.remembered(), undefined);
});

test('the last head is remembered, and no half-written file is left beside it', async (context) => {
  const { guard, file } = await guardIn(context);
  await guard.remember(head(1, 41, 1));
  await guard.remember(head(1, 42, 2));
  assert.deepEqual(await guard.remembered(), head(1, 42, 2));
  assert.deepEqual(await readdir(join(file, '..')), ['journal-head']);
});

test('a memory that is cut, empty or garbled stops the keyholder: it must not pass for a first start (I5, T6)', async (context) => {
  const { guard, file } = await guardIn(context);
  await guard.remember(head(1, 42, 2));
  for (const garbled of [
    '',
    '\n',
    '1 42',
    '1 42 abcd\n',
    `x 42 ${'0'.repeat(64)}\n`,
    `1 -1 ${'0'.repeat(64)}\n`,
  ]) {
    await writeFile(file, garbled);
    await assert.rejects(guard.remembered(), JournalFault, JSON.stringify(garbled));
  }
});

test('a memory that cannot be read stops the keyholder too', async (context) => {
  const { guard, file } = await guardIn(context);
  await guard.remember(head(1, 42, 2));
  await rm(file);
  await chmod(join(file, '..'), 0o700);
  await assert.rejects(journalGuard(join(file, '..')).remembered(), { code: 'EISDIR' });
});

test('another entry at the remembered place, or another generation, is another database (T6, I12)', () => {
  checkAgainst(undefined, head(1, 42, 2));
  checkAgainst(head(1, 42, 2), head(1, 42, 2));
  assert.throws(() => checkAgainst(head(1, 42, 2), head(1, 42, 3)), JournalFault);
  assert.throws(() => checkAgainst(head(2, 42, 2), head(1, 42, 2)), JournalFault);
});
