import { readFile } from 'node:fs/promises';
import { type Finding, ok, warn } from './check.ts';

/** P1: memory with keys or cleartext must not reach a disk. */
export async function checkMachine(): Promise<readonly Finding[]> {
  return [await checkCoreDumps(), await checkSwap()];
}

async function checkCoreDumps(): Promise<Finding> {
  const pattern = (await readFile('/proc/sys/kernel/core_pattern', 'utf8').catch(() => '')).trim();
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  const allowed = /^Max core file size\s+(\S+)/m.exec(limits)?.[1];
  // A pattern that is a pipe gets the core whatever the limit says (core(5)).
  if (pattern.startsWith('|') && !/^\|\/bin\/(false|true)/.test(pattern)) {
    return warn(
      'core dumps',
      `handed to ${pattern.slice(1, 60)}`,
      'set kernel.core_pattern=|/bin/false in sysctl',
    );
  }
  if (allowed !== '0' && pattern !== '' && !pattern.startsWith('|')) {
    return warn(
      'core dumps',
      'allowed here',
      'run under the systemd units (LimitCORE=0), or say `ulimit -c 0` first',
    );
  }
  return ok('core dumps', 'off');
}

async function checkSwap(): Promise<Finding> {
  const areas = (await readFile('/proc/swaps', 'utf8').catch(() => '')).trim().split('\n').slice(1);
  if (areas.length === 0) return ok('swap', 'off');
  const plain = areas
    .map((line) => line.split(/\s+/)[0] ?? '')
    .filter((name) => !/\/dev\/(dm-|zram|mapper)/.test(name));
  return plain.length === 0
    ? ok('swap', 'encrypted or in memory, as far as its name tells')
    : warn(
        'swap',
        `on ${plain.join(', ')}`,
        'turn it off (swapoff -a) or encrypt it; the units set MemorySwapMax=0',
      );
}
