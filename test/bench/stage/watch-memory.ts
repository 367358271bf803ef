import { memoryByProcess } from './process-usage.ts';

const lookEvery = 200;

/** Bytes: the peak of all together, and what each had at that moment. */
export type MemoryPeak = Readonly<{ total: number; byProcess: Readonly<Record<string, number>> }>;

/** Watches the memory of processes together; the function it returns ends that and gives the peak. */
export function watchMemory(pids: () => readonly number[]): () => MemoryPeak {
  let peak: MemoryPeak = { total: 0, byProcess: {} };
  const look = () => {
    const byProcess = memoryByProcess(pids());
    const total = Object.values(byProcess).reduce((sum, one) => sum + one, 0);
    if (total > peak.total) peak = { total, byProcess };
  };
  const timer = setInterval(look, lookEvery);
  return () => {
    look();
    clearInterval(timer);
    return peak;
  };
}
