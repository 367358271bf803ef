/**
 * A mail of 10 MB leaves a hundred of garbage in buffers, which V8 hardly feels, as they lie outside of its heap: the
 * process would keep them until chance. Looked at now and then, and collected when it is worth the 10 to 20 ms.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const lookEvery = 250;
const worthIt = 64 * 1024 * 1024;

/** From now on, for as long as the process lives; does not keep it alive. */
export function giveMemoryBack(): void {
  const collect = garbageCollector();
  // What is still in use after a collection is no garbage: a sender's bodies are not looked through again and again.
  let inUse = inBuffers() ?? 0;
  const look = () => {
    const now = inBuffers();
    if (now === undefined) return;
    if (now - inUse > worthIt) {
      collect();
      inUse = inBuffers() ?? now;
    } else inUse = Math.min(inUse, now);
  };
  setInterval(look, lookEvery).unref();
}

/** Undefined while the process is out of descriptors: Node opens a file of /proc for the other figures. */
function inBuffers(): number | undefined {
  try {
    return process.memoryUsage().arrayBuffers;
  } catch {
    return undefined;
  }
}

/** V8's own, without the flag that would put it into every global scope. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect !== 'function') return () => {};
  return () => void collect();
}
