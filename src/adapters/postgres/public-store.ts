/** The public database: its keeper's work, its site's reading, and the keyholder's handing over of finished records (P4). */
import type { Kysely } from 'kysely';
import type { PoolConfig } from 'pg';
import type { ArchiveReader } from '../../publication/archive/archive-port.ts';
import type { NewPosting, Taken } from '../../publication/archive/posting.ts';
import type { DirectoryEntry } from '../../publication/directory-record.ts';
import type { Instant } from '../../time/instant.ts';
import { addPostings } from './archive/add-postings.ts';
import { archiveReader } from './archive/archive-reader.ts';
import { pageSession } from './archive/page-session.ts';
import { openConnection } from './connection.ts';
import { sqlState } from './database-problem.ts';
import { openNudge } from './nudge.ts';
import { type PublicDecision, type PublicItem, withPublicItem } from './public-item.ts';
import {
  type HeldItem,
  type ModerationOutcome,
  type ModerationRow,
  withModerationRequest,
} from './public-request.ts';
import { toDate, toInstant } from './row-shapes.ts';
import type { PublicTables } from './tables.ts';
import { openWake } from './wake.ts';

/** Named here too, as they belong to this store's contract. */
export type { HeldItem, ModerationOutcome, ModerationRow, PublicDecision, PublicItem };

export type PublicReader = Readonly<{
  lists: () => Promise<readonly DirectoryEntry[]>;
  close: () => Promise<void>;
}>;

/** For `public-site`. */
export type PublicSiteReader = PublicReader & Readonly<{ archive: ArchiveReader }>;

export function openPublicReader(config: PoolConfig): PublicSiteReader {
  const { query, close } = openConnection<PublicTables>(pageSession(config));
  return { lists: () => directory(query), archive: archiveReader(query), close };
}

export type PublicKeeperStore = PublicReader &
  Readonly<{
    /** The oldest waiting item; what `work` returns is written with it, in one transaction. False when none waits. */
    withItem: (work: (item: PublicItem) => Promise<PublicDecision>) => Promise<boolean>;
    /** The oldest waiting request of the operator, likewise; `held` looks up the mail that it is about, and locks it. */
    withRequest: (
      work: (
        row: ModerationRow,
        held: (id: string) => Promise<HeldItem | undefined>,
      ) => Promise<ModerationOutcome>,
    ) => Promise<boolean>;
    /** Lists that know this author, who is written in lower case. */
    knownOn: (author: string) => Promise<readonly string[]>;
    /** In a transaction of its own, before the one that says so: given again, nothing comes twice. */
    archive: (list: string, posting: NewPosting, now: Instant) => Promise<ArchiveOutcome>;
    waitForWork: (longest: number) => Promise<void>;
  }>;

/** `unfit`: the database refuses what is in it, and would again. */
export type ArchiveOutcome = Taken['kind'] | 'unfit';

/** For `public-keeper`. */
export function openPublicKeeperStore(config: PoolConfig): PublicKeeperStore {
  const connection = openConnection<PublicTables>(config);
  const wake = openWake(config, 'embargod_public');
  return {
    lists: () => directory(connection.query),
    withItem: (work) => withPublicItem(connection, work),
    withRequest: (work) => withModerationRequest(connection, work),
    knownOn: async (author) => {
      const known = connection.query.selectFrom('known_authors').select('list');
      return (await known.where('address', '=', author).execute()).map(({ list }) => list);
    },
    archive: (list, posting, now) => archiveOne(connection.query, { list, postings: [posting], now }),
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

async function archiveOne(...given: Parameters<typeof addPostings>): Promise<ArchiveOutcome> {
  try {
    return (await addPostings(...given))[0]?.kind ?? 'known';
  } catch (error) {
    // Classes 22 and 23: the data is at fault. Whatever else fails is worth another try.
    if (/^2[23]/.test(sqlState(error) ?? '')) return 'unfit';
    throw error;
  }
}
