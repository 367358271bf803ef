import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const clone = resolve(import.meta.dirname, '../../..');

/**
 * Where the demo of this clone lies: `demo/` in it. Root's database runs as another user, which cannot reach a clone
 * under a private home (B3): then a folder under /var/lib named after the clone's path.
 */
export function demoDirectory(): string {
  const inClone = join(clone, 'demo');
  if (process.getuid?.() !== 0 || everybodyMayEnter(clone)) return inClone;
  const name = createHash('sha256').update(clone).digest('hex').slice(0, 8);
  return `/var/lib/embargod-demo-${name}`;
}

function everybodyMayEnter(directory: string): boolean {
  for (let path = directory; ; path = dirname(path)) {
    if (!existsSync(path) || (statSync(path).mode & 0o001) === 0) return false;
    if (path === dirname(path)) return true;
  }
}
