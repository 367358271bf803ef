/** Mail that lies in files, one after the other: a mailbox file, the same compressed, or a Maildir. */
import { createReadStream } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline, Transform } from 'node:stream';
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

/** None in `raw`: it is larger than an archive takes. */
export type StoredMail = Readonly<{ raw: Uint8Array | undefined; name: string }>;

/** As of a mail in a mailbox file. */
const longestMail = 64 * 1024 * 1024;

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

async function* readChunks(
  path: string,
  compressed: boolean,
  onRead: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const counted = new Transform({
    transform: (chunk: Buffer, _, next) => {
      onRead(chunk.length);
      next(null, chunk);
    },
  });
  const last = compressed ? createGunzip() : counted;
  // Ends all of them with the first that fails, which is then thrown here, and when nobody reads on.
  pipeline([createReadStream(path), counted, ...(compressed ? [last] : [])], () => undefined);
  yield* last;
}

async function openMaildir(path: string): Promise<Mailbox> {
  const folders = await Promise.all(['cur', 'new'].map((name) => filesIn(join(path, name))));
  if (folders.every((files) => files === undefined)) return { kind: 'unknown' };
  // Their names begin with the time of delivery.
  const files = folders
    .flatMap((found) => found ?? [])
    .sort((left, right) => compareNames(left.name, right.name));
  return {
    kind: 'maildir',
    size: files.reduce((sum, { size }) => sum + size, 0),
    mails: (onRead) =>
      readMails(
        files.map(({ name }) => name),
        onRead,
      ),
  };
}

function compareNames(left: string, right: string): number {
  return basename(left) < basename(right) ? -1 : 1;
}

async function filesIn(folder: string) {
  const entries = await readdir(folder, { withFileTypes: true }).catch(unlessGone);
  if (!entries) return undefined;
  const names = entries.filter((entry) => entry.isFile()).map((entry) => join(folder, entry.name));
  return Promise.all(
    names.map(async (name) => ({ name, size: (await stat(name).catch(unlessGone))?.size ?? 0 })),
  );
}

/** A mail program may move or remove one meanwhile; the next import finds what was moved. */
async function* readMails(
  files: readonly string[],
  onRead: (bytes: number) => void,
): AsyncGenerator<StoredMail> {
  for (const name of files) {
    const raw = await readFile(name).catch(unlessGone);
    if (!raw) continue;
    onRead(raw.length);
    yield { raw: raw.length > longestMail ? undefined : raw, name };
  }
}

function unlessGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
  return undefined;
}
