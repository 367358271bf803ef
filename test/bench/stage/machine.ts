/** What a reader of figures must know of the machine. */
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

const millisecondsPerTick = 10;
const lookFor = 500;
/** In cores. */
const asGoodAsIdle = 0.15;
const patience = 10_000;

export function machineName(): string {
  const cores = availableParallelism();
  return `${cores} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}`;
}

/** Cores that are busy, whoever keeps them so. */
async function busyCores(): Promise<number> {
  const before = busyMilliseconds();
  const began = performance.now();
  await delay(lookFor);
  return (busyMilliseconds() - before) / (performance.now() - began);
}

/** Waits, not for ever, for a moment in which nobody else works; gives the cores that are busy all the same. */
export async function untilIdle(): Promise<number> {
  const until = performance.now() + patience;
  let busy = await busyCores();
  while (busy > asGoodAsIdle && performance.now() < until) busy = await busyCores();
  return busy;
}

function busyMilliseconds(): number {
  // proc(5): user, nice, system, idle, iowait, irq, softirq, steal.
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = (
    readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? ''
  )
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq) * millisecondsPerTick;
}
