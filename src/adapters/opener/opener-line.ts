import type { Socket } from 'node:net';
import { readFrames } from './frame.ts';

/** `next` always has a read under way, so that a child's end is noticed while no work is with it. */
export type Line = Readonly<{ socket: Socket; next: () => Promise<IteratorResult<unknown, void>> }>;

/** One child's connection; `onEnd` is called at least once when it is gone. */
export function openLine(socket: Socket, onEnd: () => void): Line {
  const frames = readFrames(socket);
  const read = () => {
    const frame = frames.next();
    frame.then((got) => got.done === true && onEnd(), onEnd);
    return frame;
  };
  let ahead = read();
  // A socket without a listener would end the process at its first error.
  socket.on('error', onEnd);
  socket.on('close', onEnd);
  const next = () => {
    const frame = ahead;
    ahead = frame.then(read);
    ahead.catch(() => undefined);
    return frame;
  };
  return { socket, next };
}

/** What `start` ends with, or undefined when the time is over first. */
export async function withDeadline<T>(
  limit: number,
  start: (end: (value: T) => void) => void,
): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise<T | undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), limit);
      start(resolve);
    });
  } finally {
    clearTimeout(timer);
  }
}
