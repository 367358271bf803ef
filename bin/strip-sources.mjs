// Takes the types out of every source that has not been done yet: see stripped.mjs. A program of its own, as only Node 24
// can do it, and as what it needs for it shall not stay in a process that lives on.
import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';
import { textOf } from './ground.mjs';
import { sourceFiles, strippedFolder, strippedName } from './stripped.mjs';

// A careful umask would close them to the users that our processes run as.
for (const folder of [dirname(strippedFolder), strippedFolder]) {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
}
// Read once: a source that changes meanwhile must not come under the digest of what it was.
const sources = sourceFiles().map((file) => readFileSync(file));
const wanted = new Map(sources.map((source) => [strippedName(source), source]));
for (const [name, source] of wanted)
  if (textOf(join(strippedFolder, name)) === '') write(name, source.toString());
// Of sources that are no more, and drafts that were never finished.
for (const name of readdirSync(strippedFolder))
  if (!wanted.has(name)) rmSync(join(strippedFolder, name), { force: true });

/** Whole or not at all, for who reads it now and after a power cut. */
function write(name, source) {
  const file = join(strippedFolder, name);
  const draft = `${file}.${process.pid}`;
  const descriptor = openSync(draft, 'w');
  writeSync(descriptor, stripTypeScriptTypes(source));
  fsyncSync(descriptor);
  closeSync(descriptor);
  chmodSync(draft, 0o644);
  renameSync(draft, file);
}
