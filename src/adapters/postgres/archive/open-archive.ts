/** The archive's two doors: `public-keeper` (and an import, with its rights) writes, `public-site` reads. */
import type { PoolConfig } from 'pg';
import type { ArchiveReader } from '../../../publication/archive/archive-port.ts';
import type { NewPosting, Taken } from '../../../publication/archive/posting.ts';
import type { Instant } from '../../../time/instant.ts';
import { openConnection } from '../connection.ts';
import type { PublicTables } from '../tables.ts';
import { addPostings } from './add-postings.ts';
import { archiveReader } from './archive-reader.ts';
import { pageSession } from './page-session.ts';

export type OpenArchiveWriter = Readonly<{
  /** All belong to `list`; taken together or not at all. */
  add: (list: string, postings: readonly NewPosting[], now: Instant) => Promise<readonly Taken[]>;
  close: () => Promise<void>;
}>;

export function openArchiveWriter(config: PoolConfig): OpenArchiveWriter {
  const { query, close } = openConnection<PublicTables>(config);
  return { add: (list, postings, now) => addPostings(query, { list, postings, now }), close };
}

export type OpenArchiveReader = ArchiveReader & Readonly<{ close: () => Promise<void> }>;

export function openArchiveReader(config: PoolConfig): OpenArchiveReader {
  const { query, close } = openConnection<PublicTables>(pageSession(config));
  return { ...archiveReader(query), close };
}
