import assert from 'node:assert/strict';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { passLog } from './pass-log.ts';

async function passed(...chunks: readonly string[]): Promise<readonly string[]> {
  const lines: string[] = [];
  const stream = new PassThrough();
  passLog(stream, (line) => lines.push(line));
  const ended = once(stream, 'end');
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await ended;
  return lines;
}

test('lines are passed on whole, the last one too', async () => {
  assert.deepEqual(await passed('one\ntw', 'o\nthr', 'ee'), ['one', 'two', 'three']);
});

test('nothing in a line moves the cursor of the terminal that shows it', async () => {
  assert.deepEqual(await passed('a\x1b[2Jb\rc\td\n'), ['a�[2Jb�c\td']);
});

test('a line without end is passed on in pieces', async () => {
  assert.deepEqual(
    (await passed('x'.repeat(40_000))).map((line) => line.length),
    [16_384, 16_384, 7_232],
  );
});
