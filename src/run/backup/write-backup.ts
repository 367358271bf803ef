import { createHash } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/** Most of it is ciphertext, which no level makes smaller; hexadecimal shrinks by half at any. */
const level = 1;

/** The file appears whole and on the disk, or not at all; `lines` end in no line feed. Gives the file's size. */
export async function writeBackup(file: string, lines: AsyncIterable<string>): Promise<number> {
  const part = `${file}.part`;
  // Not what stands there: in a folder that others may write to, it could be a link to any file of root's.
  await rm(part, { force: true });
  const handle = await open(part, 'wx', 0o600);
  try {
    await pipeline(
      Readable.from(withTrailer(lines)),
      createGzip({ level }),
      (chunks: AsyncIterable<Buffer>) => handle.writeFile(chunks),
    );
    await handle.sync();
    const { size } = await handle.stat();
    await handle.close();
    await rename(part, file);
    await syncDirectory(dirname(file));
    return size;
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(part, { force: true });
    throw error;
  }
}

async function* withTrailer(lines: AsyncIterable<string>): AsyncIterable<Buffer> {
  const hash = createHash('sha256');
  const rows = new Map<string, number>();
  let table = '';
  for await (const line of lines) {
    const bytes = Buffer.from(`${line}\n`);
    hash.update(bytes);
    if (line.startsWith('[')) rows.set(table, (rows.get(table) ?? 0) + 1);
    else table = nameIn(line, rows) ?? table;
    yield bytes;
  }
  yield Buffer.from(`${JSON.stringify({ rows: Object.fromEntries(rows), sha256: hash.digest('hex') })}\n`);
}

/** A table without rows is counted too. */
function nameIn(line: string, rows: Map<string, number>): string | undefined {
  const { database, table } = JSON.parse(line);
  if (table === undefined) return undefined;
  const name = `${database}.${table}`;
  rows.set(name, 0);
  return name;
}

export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  await directory.sync().finally(() => directory.close());
}
