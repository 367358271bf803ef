/**
 * A mail of 10 MB leaves a hundred of garbage in buffers, which V8 hardly feels, as they lie outside of its heap: the
 * process would keep them until chance. Looked at now and then, and collected when it is worth the 10 to 20 ms.
 */
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const lookEvery = 100;
/** A mail of 1 MB leaves a quarter to a half of it. */
const worthIt = 40 * 1024 * 1024;
/** What changes less from one look to the next is no work on a large mail. */
const littleChange = 1024 * 1024;

/** From now on, for as long as the process lives; does not keep it alive. */
export function giveMemoryBack(): void {
  const look = memoryWatch(garbageCollector());
  setInterval(() => look(getHeapStatistics().external_memory), lookEvery).unref();
}

/** The decision, apart from clock and collector: told again and again how many bytes lie outside of the heap. */
export function memoryWatch(collect: () => void): (outside: number) => void {
  // What is still there after a collection is no garbage: a sender's bodies are not looked through again and again.
  let inUse = Number.POSITIVE_INFINITY;
  let before = 0;
  let collectedInWork = false;
  return (outside) => {
    const quiet = Math.abs(outside - before) < littleChange;
    before = outside;
    // What a mail still held when it was collected in the midst of its work is garbage when the work has ended.
    if (outside - inUse > worthIt || (quiet && collectedInWork)) {
      collect();
      collectedInWork = !quiet;
      // V8 frees buffers in the background: what is in use is seen at the next look.
      inUse = Number.POSITIVE_INFINITY;
    } else inUse = Math.min(inUse, outside);
  };
}

/** V8's own, without the flag that would put it into every global scope. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect !== 'function') return () => {};
  return () => void collect();
}
