/** An installation with one public list: archives come in by the real command, pages are asked of the real `public-site`. */
import { createReadStream, createWriteStream, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { splitMbox } from '../../../src/publication/archive/split-mbox.ts';
import { embargod } from '../../stand-ins/real-server.ts';
import { measurePages, type PageFigures, pageKinds } from './archive-requests.ts';
import { type ArchiveSample, type Sampler, sampler } from './archive-sample.ts';
import { startMeasuredServer } from './measured-server.ts';
import { sharesOf, usedSince } from './process-usage.ts';
import type { Progress } from './progress.ts';
import { untilQuiet } from './quiet.ts';
import { syntheticArchive } from './synthetic-archive.ts';

export type ImportFigures = Readonly<{
  postings: number;
  /** Milliseconds of CPU for each: the import's, PostgreSQL's. */
  cpu: number;
  database: number;
  /** Bytes: of the mails, and by how much the database grew. */
  mails: number;
  disk: number;
}>;

export type ArchiveStage = Readonly<{
  /** A mailbox file, or its name with `.gz`. */
  bring: (path: string) => Promise<ImportFigures>;
  /** Makes the synthetic archive so large; it is what it was before, and more. */
  grow: (postings: number) => Promise<ImportFigures>;
  pages: (count: number, wanted: (name: string) => boolean) => Promise<readonly PageFigures[]>;
  close: () => Promise<void>;
}>;

const list = 'oss-security';
/** Mails in one file of the synthetic archive: none is larger than a disk minds, and each start of a command costs little. */
const inOneFile = 20_000;

export async function openArchiveStage(progress: Progress): Promise<ArchiveStage> {
  const server = await startMeasuredServer(1);
  const folder = await mkdtemp(join(tmpdir(), 'archive-bench-'));
  const close = async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  };
  const taken = sampler();
  const synthetic = syntheticArchive(Number.POSITIVE_INFINITY);
  let grown = 0;
  const bring = async (path: string, mails: number) => {
    const disk = await sizeOf(server.data);
    await untilQuiet(server.usage);
    const [before, began] = [server.usage(), reapedCpu()];
    const ran = await embargod(['archive', 'import', list, path, '--data', server.data]);
    if (ran.code !== 0) throw new Error(`archive import exited with ${ran.code}:\n${ran.stderr}`);
    const cpu = reapedCpu() - began;
    const { database } = sharesOf(usedSince(before, server.usage()));
    return { cpu, database, mails, disk: (await sizeOf(server.data)) - disk };
  };
  try {
    await server.restart();
    await server.foundPublic(list);
    // Nothing else has work here, and none shall look for some.
    await server.restart(['public-site']);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    bring: async (path) => {
      const before = taken.sample();
      await sampleFile(path, taken);
      const { postings, bytes } = taken.sample();
      progress.say(`Importing ${path}`);
      return perPosting(postings - before.postings, [await bring(path, bytes - before.bytes)]);
    },
    grow: async (postings) => {
      const parts = [];
      const from = grown;
      while (grown < postings) {
        const count = Math.min(inOneFile, postings - grown);
        const path = join(folder, 'part.mbox');
        const before = taken.sample().bytes;
        await pipeline(Readable.from(sampled(synthetic, count, taken)), createWriteStream(path));
        progress.say(`Importing postings ${grown} to ${grown + count} of ${postings}`);
        parts.push(await bring(path, taken.sample().bytes - before));
        await rm(path);
        grown += count;
      }
      return perPosting(grown - from, parts);
    },
    pages: (count, wanted) => measureAll(taken.sample(), { count, wanted, server, progress }),
    close,
  };
}

async function measureAll(
  sample: ArchiveSample,
  given: Readonly<{
    count: number;
    wanted: (name: string) => boolean;
    server: Awaited<ReturnType<typeof startMeasuredServer>>;
    progress: Progress;
  }>,
): Promise<readonly PageFigures[]> {
  const { count, wanted, server, progress } = given;
  const found: PageFigures[] = [];
  for (const kind of pageKinds(list, sample)) {
    if (!wanted(kind.name)) continue;
    progress.say(`${sample.postings} postings: ${kind.name}`);
    found.push(
      await measurePages(kind, { port: server.sitePort, usage: server.usage, site: 'public-site', count }),
    );
  }
  return found;
}

type Brought = Readonly<{ cpu: number; database: number; mails: number; disk: number }>;

function perPosting(postings: number, parts: readonly Brought[]): ImportFigures {
  const sum = (pick: (part: Brought) => number) => parts.reduce((all, part) => all + pick(part), 0);
  return {
    postings,
    cpu: sum(({ cpu }) => cpu) / postings,
    database: sum(({ database }) => database) / postings,
    mails: sum(({ mails }) => mails),
    disk: sum(({ disk }) => disk),
  };
}

async function sampleFile(path: string, taken: Sampler): Promise<void> {
  const file = createReadStream(path);
  for await (const item of splitMbox(path.endsWith('.gz') ? file.pipe(createGunzip()) : file))
    if (item.kind === 'mail') taken.take(item.raw);
}

function* sampled(entries: Iterator<string>, count: number, taken: Sampler): Generator<string> {
  for (let left = count; left > 0; left -= 1) {
    const entry: string = entries.next().value ?? '';
    taken.take(Buffer.from(entry.slice(entry.indexOf('\n') + 1)));
    yield entry;
  }
}

/** Milliseconds that our children took which have ended (proc(5): cutime, cstime; USER_HZ is 100). */
function reapedCpu(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(13, 15);
  return (Number(user) + Number(system)) * 10;
}

/** Of what is PostgreSQL's, less its log of changes, which does not grow for ever. */
async function sizeOf(folder: string): Promise<number> {
  let size = 0;
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || entry.parentPath.includes('/pg_wal')) continue;
    // One may be gone again.
    const file = await stat(join(entry.parentPath, entry.name)).catch(() => undefined);
    size += (file?.blocks ?? 0) * 512;
  }
  return size;
}
