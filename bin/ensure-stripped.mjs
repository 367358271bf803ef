import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './ground.mjs';
import { modernNode } from './run-here.mjs';
import { sourceFiles, strippedFolder, strippedName } from './stripped.mjs';

/** Has the types taken out of new sources. Without a word where that fails: programs then do it for themselves. */
export function ensureStripped() {
  // An empty one is what a power cut may leave.
  const sizeOf = (file) =>
    statSync(join(strippedFolder, strippedName(readFileSync(file))), { throwIfNoEntry: false })?.size;
  try {
    if (sourceFiles().every((file) => sizeOf(file) > 0)) return;
    spawnSync(modernNode(), [join(root, 'bin/strip-sources.mjs')], { stdio: 'ignore' });
  } catch {
    // A folder that we may not read, a source that went away as we looked.
  }
}
