// The sources with their types taken out, kept beside the clone they belong to. Node takes them out itself as it loads a
// file, but the part of it that does so stays in memory, some 15 MB in each of our processes (DESIGN §8). What is kept is
// found by the digest of its source, so that an old one is never taken for a new one; what is missing Node does itself.
// Whoever can write here can write the sources: the folder has the clone's owner, and no process of ours in production.
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './ground.mjs';

export const sources = join(root, 'src');
export const strippedFolder = join(root, '.embargod', 'stripped');

/** The flag with which Node 24 loads them. */
export const loadStripped = `--import=${pathToFileURL(join(root, 'bin/load-stripped.mjs'))}`;

/** What the stripped form of this text is called. */
export function strippedName(source) {
  return `${createHash('sha256').update(source).digest('hex')}.js`;
}

/** Every file that a process of ours may load. */
export function sourceFiles() {
  return readdirSync(sources, { recursive: true })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => join(sources, name));
}
