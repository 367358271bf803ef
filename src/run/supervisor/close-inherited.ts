import { closeSync, readdirSync, readFileSync } from 'node:fs';

const standardStreams = 3;
/** O_CLOEXEC, as /proc shows it, in octal (proc(5)). */
const closesOnExec = 0o2000000n;

/**
 * Node keeps the first few inherited descriptors from its children, and no others (uv_disable_stdio_inheritance).
 * Closes what a shell or service manager left open in us: each process that we start would have it too, the opener
 * with its hostile bytes first (P3). What Node opened for itself closes at exec anyway, and stays.
 */
export function closeInherited(): void {
  const channel = Number(process.env.NODE_CHANNEL_FD ?? -1);
  for (const name of readdirSync('/proc/self/fd')) {
    const descriptor = Number(name);
    if (descriptor < standardStreams || descriptor === channel || isOwn(descriptor)) continue;
    closeSync(descriptor);
  }
}

/** Also true of one that is gone by now: the folder that was just listed. */
function isOwn(descriptor: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'))?.[1];
    return flags === undefined || (BigInt(`0o${flags}`) & closesOnExec) !== 0n;
  } catch {
    return true;
  }
}
