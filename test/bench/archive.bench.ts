/**
 * `npm run bench:archive`: what an archive costs to take in and to serve. The real command, the real `public-site` over
 * HTTP and a real PostgreSQL with all its fsyncs; public-inbox on the same mailbox file beside it, where it is to be had.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sharedFolder } from '../run/program.ts';
import type { PageFigures } from './stage/archive-requests.ts';
import { type ImportFigures, openArchiveStage } from './stage/archive-stage.ts';
import { machineName } from './stage/machine.ts';
import { readOptions } from './stage/options.ts';
import { showProgress } from './stage/progress.ts';
import { measurePublicInbox, type PublicInboxFigures } from './stage/public-inbox.ts';
import { table } from './stage/table.ts';

const corpus = join(sharedFolder, 'corpus/kernel-hardening-1500.mbox.gz');

type Archive = Readonly<{ name: string; taken: ImportFigures; pages: readonly PageFigures[] }>;

const options = readOptions(
  'Measures the archive: import, disk, CPU for each kind of page. Cases: corpus, synthetic, or a size such as 100000.',
);
const progress = showProgress();
const requests = options.quick ? 500 : 2_000;
const named = options.only.filter((name) => /^\d+$/.test(name)).map(Number);
const sizes = [6_000, ...(named.length > 0 ? named : [options.quick ? 30_000 : 300_000])];
const wanted = (name: string) => options.only.length === 0 || options.only.includes(name);
const real = wanted('corpus') && existsSync(corpus) ? await measureCorpus() : undefined;
if (wanted('corpus') && !real)
  process.stderr.write('Without real mail: there is no ../shared/corpus beside this clone.\n');
const peer =
  real && !options.withoutPeer ? await measurePublicInbox(corpus, options.quick, progress) : undefined;
const synthetic = wanted('synthetic') || named.length > 0 ? await measureSynthetic() : [];
progress.done();
process.stdout.write(options.json ? `${JSON.stringify({ real, peer, synthetic })}\n` : report());

async function measureCorpus(): Promise<Archive> {
  const stage = await openArchiveStage(progress);
  try {
    const taken = await stage.bring(corpus);
    return { name: `${taken.postings} real`, taken, pages: await stage.pages(requests, () => true) };
  } finally {
    await stage.close();
  }
}

async function measureSynthetic(): Promise<readonly Archive[]> {
  const stage = await openArchiveStage(progress);
  try {
    const found: Archive[] = [];
    for (const size of sizes) {
      const taken = await stage.grow(size);
      found.push({ name: `${size} synthetic`, taken, pages: await stage.pages(requests, () => true) });
    }
    return found;
  } finally {
    await stage.close();
  }
}

function report(): string {
  const archives = [...(real ? [real] : []), ...synthetic];
  return [
    `\n${machineName()}; ${requests} requests of each kind, two at a time.`,
    '\nImport: CPU in milliseconds for each posting; disk as a multiple of the mail.\n',
    table(
      ['', 'ours', 'PostgreSQL', 'postings a CPU-second', 'disk'],
      [...archives.map(importRow), ...peerImport(peer)],
    ),
    'CPU in milliseconds for each request, ours + PostgreSQL; kilobytes of the answer.\n',
    table(
      [
        '',
        ...archives.flatMap(({ name }) => [name, 'KB']),
        ...(synthetic.length > 1 ? ['growth'] : []),
        ...(peer ? ['public-inbox'] : []),
      ],
      (archives[0]?.pages ?? []).map(({ name }) => pageRow(name, archives)),
    ),
  ].join('\n');
}

function importRow({ name, taken }: Archive): readonly string[] {
  const { cpu, database, mails, disk } = taken;
  return [
    name,
    cpu.toFixed(2),
    database.toFixed(2),
    (1000 / (cpu + database)).toFixed(0),
    (disk / mails).toFixed(2),
  ];
}

function peerImport(figures: PublicInboxFigures | undefined): readonly (readonly string[])[] {
  if (!figures) return [];
  return [
    [
      'public-inbox',
      figures.importCpu.toFixed(2),
      '',
      (1000 / figures.importCpu).toFixed(0),
      figures.disk.toFixed(2),
    ],
  ];
}

function pageRow(name: string, archives: readonly Archive[]): readonly string[] {
  const of = ({ pages }: Archive) => pages.find((page) => page.name === name);
  const cells = archives.flatMap((archive) => {
    const page = of(archive);
    return page
      ? [`${page.cpu.toFixed(2)} + ${page.database.toFixed(2)}`, page.kilobytes.toFixed(1)]
      : ['', ''];
  });
  const [small, large] = synthetic
    .map((archive) => of(archive))
    .map((page) => page && page.cpu + page.database);
  const growth = synthetic.length > 1 ? [small && large ? `${(large / small).toFixed(2)} ×` : ''] : [];
  const other = peer ? [peer.pages[name]?.toFixed(2) ?? ''] : [];
  return [name, ...cells, ...growth, ...other];
}
