import { monitorEventLoopDelay } from 'node:perf_hooks';
import { readClock } from '../../adapters/clock/clock.ts';

export type ProcessFigures = Readonly<{
  cpuSeconds: number;
  residentBytes: number;
  startedAtSeconds: number;
  lagMedianSeconds: number;
  lagHighSeconds: number;
}>;

const nanoseconds = 1e9;
/** The histogram counts from its own timer's length on. */
const resolution = 20;

/** What this process takes of its machine; the lag is since the last call. */
export function measureProcess(): Readonly<{ read: () => ProcessFigures; stop: () => void }> {
  const startedAtSeconds = Math.round(readClock() / 1_000 - process.uptime());
  const delay = monitorEventLoopDelay({ resolution });
  delay.enable();
  const late = (value: number) => Math.max(0, value / nanoseconds - resolution / 1_000);
  return {
    read: () => {
      const { user, system } = process.cpuUsage();
      const figures = {
        cpuSeconds: (user + system) / 1e6,
        residentBytes: process.memoryUsage.rss(),
        startedAtSeconds,
        lagMedianSeconds: delay.count === 0 ? 0 : late(delay.percentile(50)),
        lagHighSeconds: delay.count === 0 ? 0 : late(delay.percentile(99)),
      };
      delay.reset();
      return figures;
    },
    stop: () => delay.disable(),
  };
}
