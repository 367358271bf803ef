import { readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The clone. */
export const root = realpathSync(fileURLToPath(new URL('..', import.meta.url)));

/** Something the person at the keyboard can mend; its message says what to do. */
export class BootstrapError extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** A file's text, '' when it cannot be read. */
export function textOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** When a process started, in the kernel's ticks: with it a pid names one process for ever. '' when it is gone. */
export function startTime(pid) {
  const stat = textOf(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? '' : (fields[19] ?? '');
}
