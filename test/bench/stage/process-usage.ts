/**
 * What processes have used, from /proc: CPU in milliseconds (utime and stime, of children that were reaped too, to the
 * kernel's 10 ms), and memory as PSS, where a page that several share counts once in all.
 */
import { readFileSync } from 'node:fs';

/** The kernel counts in USER_HZ, which is 100 on every Linux that Node runs on. */
const millisecondsPerTick = 10;

export type Usage = Readonly<{
  /** By what each process is: `keyholder`, `sender-process`, `postgres`. */
  cpu: ReadonlyMap<string, number>;
}>;

/** Everything below a process, itself included. */
export function treeOf(pid: number): readonly number[] {
  const found: number[] = [];
  for (const queue = [pid]; queue.length > 0; ) {
    const next = queue.pop() ?? 0;
    found.push(next);
    queue.push(...childrenOf(next));
  }
  return found;
}

/** A process that has threads may have children by each. */
function childrenOf(pid: number): readonly number[] {
  const text = textOf(`/proc/${pid}/task/${pid}/children`);
  return text.split(' ').filter(Boolean).map(Number);
}

export function usageOf(pids: readonly number[]): Usage {
  const cpu = new Map<string, number>();
  for (const pid of pids) {
    const stat = textOf(`/proc/${pid}/stat`);
    if (stat === '') continue;
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // proc(5), counted from the state: utime, stime, cutime, cstime.
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    const name = nameOf(pid, stat);
    cpu.set(name, (cpu.get(name) ?? 0) + ticks * millisecondsPerTick);
  }
  return { cpu };
}

export function usedSince(before: Usage, after: Usage): Usage {
  return { cpu: new Map([...after.cpu].map(([name, cpu]) => [name, cpu - (before.cpu.get(name) ?? 0)])) };
}

export const databaseName = 'postgres';

/** All of ours together, and the database's apart. */
export function sharesOf({ cpu }: Usage): Readonly<{ ours: number; database: number }> {
  const database = cpu.get(databaseName) ?? 0;
  return { ours: [...cpu.values()].reduce((sum, one) => sum + one, 0) - database, database };
}

/** Bytes. */
export function memoryByProcess(pids: readonly number[]): Readonly<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const pid of pids) {
    const kilobytes = Number(/^Pss:\s+(\d+)/m.exec(textOf(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);
    const name = nameOf(pid, textOf(`/proc/${pid}/stat`));
    found[name] = (found[name] ?? 0) + kilobytes * 1024;
  }
  return found;
}

export function isDatabase(pid: number): boolean {
  return nameOf(pid, textOf(`/proc/${pid}/stat`)) === databaseName;
}

function nameOf(pid: number, stat: string): string {
  const words = textOf(`/proc/${pid}/cmdline`).split('\0');
  const entry = words.map((word) => /\/src\/run\/([\w-]+)\.ts$/.exec(word)?.[1]).find(Boolean);
  return entry ?? stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
}

/** '' when the process is gone. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
