/**
 * Which thread each posting of a batch belongs to: everything that answers, or is answered by, something of a thread is
 * of that thread, in whatever order it comes. When a late posting joins two threads, the older one takes in the other.
 */
import type { MessageId } from '../../mail/letter-head.ts';

export type Answering = Readonly<{ id: MessageId; answers: readonly MessageId[] }>;

export type ThreadsAssigned = Readonly<{
  /** For every id of the batch, its own and those that are answered: a thread, or the name of a new one. */
  threads: ReadonlyMap<MessageId, number>;
  /** How many are new; they are the numbers -1, -2, … */
  fresh: number;
  /** Threads that are no more, and the one that took them in. */
  merged: ReadonlyMap<number, number>;
}>;

/** `known`: the thread of each id that the archive has seen or heard of. */
export function assignThreads(
  batch: readonly Answering[],
  known: ReadonlyMap<MessageId, number>,
): ThreadsAssigned {
  const within = new Map<number, number>();
  const rootOf = (thread: number): number => {
    let root = thread;
    for (let up = within.get(root); up !== undefined; up = within.get(root)) root = up;
    return root;
  };
  const threads = new Map<MessageId, number>();
  let fresh = 0;
  for (const { id, answers } of batch) {
    const ids = [id, ...answers];
    const found = new Set(
      ids
        .map((one) => threads.get(one) ?? known.get(one))
        .flatMap((one) => (one === undefined ? [] : [rootOf(one)])),
    );
    if (found.size === 0) {
      fresh += 1;
      found.add(-fresh);
    }
    const into = [...found].reduce(elder);
    for (const thread of found) if (thread !== into) within.set(thread, into);
    for (const one of ids) threads.set(one, into);
  }
  const merged = [...within.keys()].filter((thread) => thread > 0);
  return {
    threads: new Map([...threads].map(([id, thread]) => [id, rootOf(thread)])),
    fresh,
    merged: new Map(merged.map((thread) => [thread, rootOf(thread)])),
  };
}

/** Of two that are kept, the one that was there first; of a kept and a new one, the kept. */
function elder(left: number, right: number): number {
  if (left > 0 && right > 0) return Math.min(left, right);
  return Math.max(left, right);
}
