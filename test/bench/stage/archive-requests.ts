/** The kinds of page and search that the archive bench asks for, and what one of each costs. */
import { Agent, request } from 'node:http';
import type { ArchiveSample } from './archive-sample.ts';
import type { Usage } from './process-usage.ts';
import { databaseName, usedSince } from './process-usage.ts';
import { untilQuiet } from './quiet.ts';

export type PageKind = Readonly<{
  name: string;
  paths: readonly string[];
  headers?: Readonly<Record<string, string>>;
  /** Asked with the ETag of the answer before. */
  again?: true;
}>;

/** Milliseconds of CPU for each request, and kilobytes of each answer. */
export type PageFigures = Readonly<{ name: string; cpu: number; database: number; kilobytes: number }>;

export function pageKinds(list: string, sample: ArchiveSample): readonly PageKind[] {
  const posting = (id: string, below = '') =>
    `/${list}/${encodeURIComponent(id).replaceAll('%40', '@')}/${below}`;
  const search = (text: string) => `/${list}/?q=${encodeURIComponent(text)}`;
  const { ids, long, rare, common, months, authors } = sample;
  const pairs = common.slice(1).map((word, at) => `"${common[at]} ${word}"`);
  return [
    { name: 'message', paths: ids.map((id) => posting(id)) },
    { name: 'message of the longest thread', paths: [posting(long)] },
    { name: 'raw', paths: ids.map((id) => posting(id, 'raw')) },
    { name: 'thread, flat', paths: ids.map((id) => posting(id, 'T/')) },
    { name: 'longest thread, first page', paths: [posting(long, 'T/')] },
    { name: 'list page', paths: [`/${list}/`] },
    { name: 'month', paths: months.map((month) => `/${list}/${month.replace('-', '/')}/`) },
    { name: 'Atom', paths: [`/${list}/new.atom`] },
    { name: 'message, JSON', paths: ids.map((id) => posting(id)), headers: { accept: 'application/json' } },
    { name: 'search: rare', paths: rare.map(search) },
    { name: 'search: common', paths: common.map(search) },
    { name: 'search: month', paths: months.map((month) => search(`month:${month}`)) },
    {
      name: 'search: common in a month',
      paths: months.map((month, at) => search(`${common[at % common.length]} month:${month}`)),
    },
    { name: 'search: phrase', paths: pairs.map(search) },
    { name: 'search: from', paths: authors.map((author) => search(`from:${author}`)) },
    { name: 'message, 304', paths: ids.map((id) => posting(id)), again: true },
    { name: 'list page, 304', paths: [`/${list}/`], again: true },
  ];
}

const atOnce = 2;

/** Asks first until everything is warm, then `count` times. `site`: the name that its process goes by. */
export async function measurePages(
  kind: PageKind,
  at: Readonly<{ port: number; usage: () => Usage; site: string; count: number }>,
): Promise<PageFigures> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const tags = new Map<string, string>();
  const askFor = async (path: string) => {
    const tag = kind.again ? tags.get(path) : undefined;
    const answer = await ask(agent, at.port, path, {
      ...kind.headers,
      ...(tag === undefined ? {} : { 'if-none-match': tag }),
    });
    if (answer.status !== (tag === undefined ? 200 : 304))
      throw new Error(`${kind.name}: ${path} was answered with ${answer.status}.`);
    tags.set(path, answer.etag);
    return answer.bytes;
  };
  try {
    await askInTurn(kind.paths, Math.max(kind.paths.length, Math.floor(at.count / 2)), askFor);
    await untilQuiet(at.usage);
    const before = at.usage();
    const bytes = await askInTurn(kind.paths, at.count, askFor);
    const { cpu } = usedSince(before, at.usage());
    const each = (name: string) => (cpu.get(name) ?? 0) / at.count;
    return {
      name: kind.name,
      cpu: each(at.site),
      database: each(databaseName),
      kilobytes: bytes / at.count / 1024,
    };
  } finally {
    agent.destroy();
  }
}

async function askInTurn(
  paths: readonly string[],
  count: number,
  askFor: (path: string) => Promise<number>,
): Promise<number> {
  let next = 0;
  let bytes = 0;
  const work = async () => {
    for (let at = next++; at < count; at = next++) bytes += await askFor(paths[at % paths.length] ?? '/');
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return bytes;
}

type Answered = Readonly<{ status: number; etag: string; bytes: number }>;

function ask(
  agent: Agent,
  port: number,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const asked = request({ agent, host: '127.0.0.1', port, path, headers }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, etag: response.headers.etag ?? '', bytes }),
      );
    });
    asked.on('error', reject);
    asked.end();
  });
}
