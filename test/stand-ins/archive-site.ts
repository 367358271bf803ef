/** A public list with its archive and its pages: the real database, with the rights of each process, and real HTTP. */

import type { PoolConfig } from 'pg';
import { serveSite } from '../../src/adapters/html/serve-pages.ts';
import {
  type OpenArchiveReader,
  type OpenArchiveWriter,
  openArchiveReader,
  openArchiveWriter,
} from '../../src/adapters/postgres/archive/open-archive.ts';
import { publicSite } from '../../src/adapters/public-site/public-site.ts';
import type { ArchiveReader } from '../../src/publication/archive/archive-port.ts';
import type { Taken } from '../../src/publication/archive/posting.ts';
import { type DatabasePair, databasePair } from './database-pair.ts';
import { withClient } from './filled-tables.ts';
import { instantOf, newPosting, type PostingMail } from './postings.ts';

export type ArchiveSite = Readonly<{
  list: string;
  /** The site, without a final slash. */
  url: string;
  /** The way in of public-keeper. */
  keeperAccess: PoolConfig;
  writer: OpenArchiveWriter;
  reader: OpenArchiveReader;
  post: (at: string, mail: PostingMail) => Promise<Taken | undefined>;
  get: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Response>;
  text: (path: string) => Promise<string>;
  close: () => Promise<void>;
}>;

export async function archiveSite(): Promise<ArchiveSite> {
  const list = 'oss-security';
  const pair = await databasePair();
  const writer = openArchiveWriter(pair.as('public_keeper', 'public'));
  await insertLists(pair, list);
  const reader = openArchiveReader(pair.as('public_site', 'public'));
  const directory = [
    {
      name: list,
      address: `${list}@lists.example.org`,
      kind: 'public',
      title: 'Open source software security',
      certificate: undefined,
      fingerprint: undefined,
    },
  ] as const;
  const site = publicSite({
    domain: 'lists.example.org',
    demo: false,
    url: 'https://lists.example.org',
    record: { lists: async () => directory, archive: reader },
    now: () => instantOf('2026-11-24T12:00:00Z'),
    onFault: (error) => void process.stderr.write(`${error}\n`),
  });
  const listening = await serveSite(site, { host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${listening.port}`;
  const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
    fetch(url + path, { headers, redirect: 'manual' });
  return {
    list,
    url,
    keeperAccess: pair.as('public_keeper', 'public'),
    writer,
    reader,
    post: async (at, mail) => {
      const posting = await newPosting(list, at, mail);
      return (await writer.add(list, [posting], instantOf('2026-11-24T12:00:00Z')))[0];
    },
    get,
    text: async (path) => (await get(path)).text(),
    close: async () => {
      await listening.close();
      await Promise.all([writer.close(), reader.close()]);
      await pair.drop();
    },
  };
}

/** As the keyholder's directory has it. */
async function insertLists(pair: DatabasePair, list: string): Promise<void> {
  await withClient(pair.superuser('public'), (client) =>
    client.query(`INSERT INTO lists VALUES ($1, 'public', $2, '', NULL, now())`, [
      list,
      `${list}@lists.example.org`,
    ]),
  );
}

/** An archive that has nothing of any list. */
export function emptyArchive(): ArchiveReader {
  const none = async () => undefined;
  const empty = async () => [];
  return {
    state: none,
    months: empty,
    posting: none,
    withThread: none,
    postingOfDay: none,
    raw: none,
    rawOf: none,
    thread: empty,
    postings: empty,
    threads: empty,
    newest: empty,
    within: empty,
    byAuthor: empty,
    mentions: empty,
    search: async () => ({ postings: [], next: undefined }),
  };
}
