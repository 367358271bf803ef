import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { socketPair } from '../../../test/stand-ins/socket-pair.ts';
import { type Frames, readFrames, writeFrame } from './frame.ts';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

const size = 30_000_000;
const inBuffers = () => process.memoryUsage().arrayBuffers;

/** In a function of its own, so that nothing here holds what was read. */
async function readOne(frames: Frames): Promise<void> {
  const { value } = await frames.next();
  assert.ok(typeof value === 'object' && value !== null && 'mail' in value);
  assert.ok(value.mail instanceof Uint8Array && value.mail.length === size);
}

test('while the channel waits for the next mail, nothing of the last one stays in memory', {
  timeout: 20_000,
}, async (context) => {
  const [near, far] = await socketPair(context);
  const frames = readFrames(near);
  const before = inBuffers();
  const written = writeFrame(far, { mail: new Uint8Array(size) });
  await readOne(frames);
  await written;
  const waiting = frames.next();
  // V8 frees buffers in the background; what is still held is never freed, and the time runs out.
  while (inBuffers() - before > size / 10) {
    await new Promise(setImmediate);
    collect();
  }
  await writeFrame(far, { next: 1 });
  assert.deepEqual(await waiting, { done: false, value: { next: 1 } });
});

test('after a malformed frame nothing is read any more', async (context) => {
  const [near, far] = await socketPair(context);
  const frames = readFrames(near);
  far.write(Buffer.from([0xff, 0, 0, 0]));
  await writeFrame(far, { after: 1 });
  await assert.rejects(frames.next(), { code: 'frame-fault' });
  assert.deepEqual(await frames.next(), { done: true, value: undefined });
});
