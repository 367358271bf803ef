/** Mail that lies in files, one after the other: a mailbox file, the same compressed, or a Maildir. */
import { createReadStream } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';

/** What stands at a path. `size` in bytes, as they lie there: what `onRead` counts towards. */
export type Mailbox =
  | Readonly<{
      kind: 'file';
      size: number;
      chunks: (onRead: (bytes: number) => void) => AsyncIterable<Uint8Array>;
    }>
  | Readonly<{
      kind: 'maildir';
      size: number;
      mails: (onRead: (bytes: number) => void) => AsyncIterable<StoredMail>;
    }>
  | Readonly<{ kind: 'unknown' }>;

export type StoredMail = Readonly<{ raw: Uint8Array; name: string }>;

/** Rejects as the file system does when nothing is there, or may not be read. */
export async function openMailbox(path: string): Promise<Mailbox> {
  const found = await stat(path);
  if (found.isDirectory()) return openMaildir(path);
  if (!found.isFile()) return { kind: 'unknown' };
  const compressed = await isGzip(path);
  return {
    kind: 'file',
    size: found.size,
    chunks: (onRead) => readChunks(path, compressed, onRead),
  };
}

/** RFC 1952 §2.3.1: by its first bytes, whatever its name. */
async function isGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

function readChunks(
  path: string,
  compressed: boolean,
  onRead: (bytes: number) => void,
): AsyncIterable<Uint8Array> {
  const file = createReadStream(path);
  file.on('data', (chunk) => onRead(chunk.length));
  if (!compressed) return file;
  const unpacked = createGunzip();
  file.on('error', (error) => unpacked.destroy(error));
  return file.pipe(unpacked);
}

async function openMaildir(path: string): Promise<Mailbox> {
  const folders = await Promise.all(['cur', 'new'].map((name) => namesIn(join(path, name))));
  if (folders.every((names) => names === undefined)) return { kind: 'unknown' };
  const files = folders.flatMap((names) => names ?? []).sort();
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return {
    kind: 'maildir',
    size: sizes.reduce((sum, size) => sum + size, 0),
    mails: (onRead) => readMails(files, onRead),
  };
}

/** In the order of their names, which begin with the time of delivery. */
async function namesIn(folder: string): Promise<readonly string[] | undefined> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
  return names?.map((name) => join(folder, name));
}

async function* readMails(
  files: readonly string[],
  onRead: (bytes: number) => void,
): AsyncGenerator<StoredMail> {
  for (const name of files) {
    const raw = await readFile(name);
    onRead(raw.length);
    yield { raw, name };
  }
}
