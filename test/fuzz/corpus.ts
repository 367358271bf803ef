import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const corpusFolder = fileURLToPath(new URL('corpus/', import.meta.url));

export type CorpusInput = Readonly<{ file: string; input: Uint8Array }>;

/** Every input that a fuzzer starts from, in the order of their names, so that a seed means the same everywhere. */
export async function readCorpus(name: string, folder = corpusFolder): Promise<readonly CorpusInput[]> {
  const files = (await readdir(join(folder, name)).catch(() => [])).toSorted();
  if (files.length === 0) throw new Error(`${join(folder, name)} holds no inputs.`);
  const paths = files.map((file) => join(folder, name, file));
  return Promise.all(paths.map(async (file) => ({ file, input: await readFile(file) })));
}

/** Keeps a failing input for ever: it is tried first from now on. Returns its file. */
export async function saveFound(name: string, input: Uint8Array, folder = corpusFolder): Promise<string> {
  const digest = createHash('sha256').update(input).digest('hex').slice(0, 12);
  const file = join(folder, name, `found-${digest}`);
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(file, input);
  return file;
}
