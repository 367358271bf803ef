/** The public database: its keeper's work, its site's reading, and the keyholder's handing over of finished records (P4). */
import type { Kysely } from 'kysely';
import type { PoolConfig } from 'pg';
import type { ArchiveReader } from '../../publication/archive/archive-port.ts';
import type { DirectoryEntry } from '../../publication/directory-record.ts';
import type { Instant } from '../../time/instant.ts';
import { archiveReader } from './archive/archive-reader.ts';
import { openConnection } from './connection.ts';
import { openNudge } from './nudge.ts';
import { type PublicDecision, type PublicItem, withPublicItem } from './public-item.ts';
import { toDate, toInstant } from './row-shapes.ts';
import type { PublicTables } from './tables.ts';
import { openWake } from './wake.ts';

/** Named here too, as they belong to this store's contract. */
export type { PublicDecision, PublicItem };

export type PublicReader = Readonly<{
  lists: () => Promise<readonly DirectoryEntry[]>;
  close: () => Promise<void>;
}>;

/** For `public-site`. */
export type PublicSiteReader = PublicReader & Readonly<{ archive: ArchiveReader }>;

export function openPublicReader(config: PoolConfig): PublicSiteReader {
  const { query, close } = openConnection<PublicTables>(config);
  return { lists: () => directory(query), archive: archiveReader(query), close };
}

export type PublicKeeperStore = PublicReader &
  Readonly<{
    /** The oldest waiting item; what `work` returns is written with it, in one transaction. False when none waits. */
    withItem: (work: (item: PublicItem) => Promise<PublicDecision>) => Promise<boolean>;
    waitForWork: (longest: number) => Promise<void>;
  }>;

/** For `public-keeper`. */
export function openPublicKeeperStore(config: PoolConfig): PublicKeeperStore {
  const connection = openConnection<PublicTables>(config);
  const wake = openWake(config, 'embargod_public');
  return {
    lists: () => directory(connection.query),
    withItem: (work) => withPublicItem(connection, work),
    waitForWork: (longest) => wake.wait(longest),
    close: async () => {
      await wake.close();
      await connection.close();
    },
  };
}

export type PublicRecordStore = PublicReader &
  Readonly<{
    /** `record` is JSON; an id that is there already is the same record again, and changes nothing. */
    handOver: (record: Readonly<{ id: string; at: Instant; record: string }>) => Promise<void>;
  }>;

/** For the keyholder: it adds finished records and may not read the inbox, not even what it wrote. */
export function openPublicRecordStore(config: PoolConfig): PublicRecordStore {
  const connection = openConnection<PublicTables>(config);
  const { query } = connection;
  const keeper = openNudge(query, 'embargod_public');
  return {
    lists: () => directory(query),
    handOver: async ({ id, at, record }) => {
      await query
        .insertInto('inbox')
        .values({
          id,
          received_at: toDate(at),
          kind: 'record',
          lists: [],
          envelope: '',
          raw: Buffer.from(record),
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      keeper.nudge();
    },
    close: async () => {
      await keeper.settled();
      await connection.close();
    },
  };
}

async function directory(query: Kysely<PublicTables>): Promise<readonly DirectoryEntry[]> {
  const rows = await query.selectFrom('lists').selectAll().orderBy('since').orderBy('name').execute();
  return rows.map((row) => ({
    ...row,
    certificate: row.certificate ?? undefined,
    since: toInstant(row.since),
  }));
}
