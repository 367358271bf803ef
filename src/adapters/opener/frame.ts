/**
 * The channel between keyholder and opener child (P3): frames over an inherited socket. A frame is four bytes of head
 * length (big endian), the head as JSON with the lengths of its blobs, and the blobs. Both sides cap every length,
 * because the child may have been taken over by what it reads.
 */
import type { Socket } from 'node:net';

/** Long texts and bytes travel as blobs, so a head is small; JSON of hundreds of megabytes would cost ten times that. */
const maximumHead = 4 * 1024 * 1024;
/** Certificates of every person on the lists are in a task; a result has at most a few dozen blobs. */
const maximumBlobs = 20_000;
/** The largest mail opened, its parts and texts besides; more would exhaust the keyholder's memory. */
const maximumBytes = 256 * 1024 * 1024;
/** Nothing of ours nests deeper; without a cap a head of `[[[[` would exhaust the stack. */
const maximumNesting = 16;
/** Strings above this are blobs. */
const longText = 1_024;

export class FrameFault extends Error {
  readonly code = 'frame-fault';
}

/** A value of objects, arrays, sets, strings, numbers, booleans, bytes; undefined becomes null, a set an array. */
export function encodeFrame(value: unknown): readonly Uint8Array[] {
  const blobs: Uint8Array[] = [];
  const json = JSON.stringify(withoutBlobs(value, blobs));
  const head = Buffer.from(`${JSON.stringify(blobs.map((blob) => blob.length))}\n${json}`);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(head.length);
  return [length, head, ...blobs];
}

/**
 * Before JSON sees it: `Buffer.toJSON` would write a mail as an array of its numbers, ten times its size, even where a
 * replacer then throws that away. The recursion ends, as the values are ours and no deeper than `maximumNesting`.
 */
function withoutBlobs(value: unknown, blobs: Uint8Array[]): unknown {
  if (value instanceof Uint8Array) return { $bytes: blobs.push(value) - 1 };
  if (typeof value === 'string')
    return value.length > longText ? { $text: blobs.push(Buffer.from(value)) - 1 } : value;
  if (Array.isArray(value) || value instanceof Set)
    return [...value].map((item) => withoutBlobs(item, blobs));
  if (typeof value !== 'object' || value === null) return value ?? null;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutBlobs(item, blobs)]));
}

/** Resolves when the socket has taken the frame, rejects when it is gone. */
export async function writeFrame(socket: Socket, value: unknown): Promise<void> {
  const pieces = encodeFrame(value);
  await new Promise<void>((resolve, reject) => {
    const lost = () => reject(new FrameFault('The channel was closed while a frame was written.'));
    socket.once('close', lost);
    const done = (error?: Error | null) => {
      socket.off('close', lost);
      if (error) reject(error);
      else resolve();
    };
    socket.cork();
    for (const piece of pieces) socket.write(piece);
    socket.write('', done);
    socket.uncork();
  });
}

/** Ends at the peer's end; `next` throws FrameFault for anything malformed, and there is nothing after that. */
export type Frames = AsyncIterable<unknown, void, void> &
  Readonly<{ next: () => Promise<IteratorResult<unknown, void>> }>;

/**
 * Frames as they arrive, not yet validated. No generator: one that waits for the next mail keeps what it had in hand of
 * the last, ten megabytes of it.
 */
export function readFrames(socket: Socket): Frames {
  const take = takeFrom(socket);
  let over = false;
  const next = async (): Promise<IteratorResult<unknown, void>> => {
    const frame = over
      ? undefined
      : await readFrame(take).catch((error: unknown) => {
          over = true;
          throw error;
        });
    over ||= frame === undefined;
    return frame === undefined ? { done: true, value: undefined } : { done: false, value: frame.value };
  };
  return { next, [Symbol.asyncIterator]: () => ({ next }) };
}

/** Bytes in a memory of their own, which nothing else of the channel keeps alive; undefined when it ends before. */
type Take = (length: number) => Promise<Uint8Array | undefined>;

function takeFrom(socket: Socket): Take {
  const source: AsyncIterator<Uint8Array> = socket[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array();
  return async (length) => {
    const taken = new Uint8Array(length);
    for (let filled = 0; filled < length; ) {
      if (rest.length === 0) {
        const next = await source.next();
        if (next.done === true) return undefined;
        rest = next.value;
      }
      const some = rest.subarray(0, length - filled);
      taken.set(some, filled);
      filled += some.length;
      rest = rest.subarray(some.length);
    }
    return taken;
  };
}

async function readFrame(take: Take): Promise<Readonly<{ value: unknown }> | undefined> {
  const prefix = await take(4);
  if (!prefix) return undefined;
  const headLength = new DataView(prefix.buffer).getUint32(0);
  if (headLength > maximumHead) throw new FrameFault('A frame’s head is larger than any real one.');
  const { lengths, value } = readHead(await whole(take, headLength));
  const blobs: Uint8Array[] = [];
  for (const length of lengths) blobs.push(await whole(take, length));
  return { value: revive(value, blobs, 0) };
}

async function whole(take: Take, length: number): Promise<Uint8Array> {
  const taken = await take(length);
  if (!taken) throw new FrameFault('The channel ended within a frame.');
  return taken;
}

function readHead(head: Uint8Array): Readonly<{ lengths: readonly number[]; value: unknown }> {
  const end = head.indexOf(0x0a);
  const lengths = parseJson(textOf(head.subarray(0, Math.max(end, 0))));
  if (!Array.isArray(lengths) || lengths.length > maximumBlobs)
    throw new FrameFault('A frame names no blobs.');
  let sum = 0;
  for (const length of lengths) {
    if (!Number.isSafeInteger(length) || length < 0) throw new FrameFault('A blob’s length is no length.');
    sum += length;
    if (sum > maximumBytes) throw new FrameFault('A frame is larger than any real one.');
  }
  return { lengths, value: parseJson(textOf(head.subarray(end + 1))) };
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new FrameFault('A frame’s head is no JSON.');
  }
}

/** Puts blobs back in their places; recursion is capped. */
function revive(value: unknown, blobs: readonly Uint8Array[], depth: number): unknown {
  if (depth > maximumNesting) throw new FrameFault('A frame is nested deeper than any real one.');
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => revive(item, blobs, depth + 1));
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first && (first[0] === '$bytes' || first[0] === '$text')) {
    const blob = blobs[Number(first[1])];
    if (!blob) throw new FrameFault('A frame refers to a blob that it does not have.');
    return first[0] === '$text' ? textOf(blob) : blob;
  }
  return Object.fromEntries(entries.map(([key, item]) => [key, revive(item, blobs, depth + 1)]));
}
