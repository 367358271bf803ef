import { memoryOf } from './process-usage.ts';

const lookEvery = 200;

/** Watches the memory of processes together; the function it returns ends that and gives the peak in bytes. */
export function watchMemory(pids: () => readonly number[]): () => number {
  let peak = 0;
  const look = () => {
    peak = Math.max(peak, memoryOf(pids()));
  };
  const timer = setInterval(look, lookEvery);
  return () => {
    look();
    clearInterval(timer);
    return peak;
  };
}
