/**
 * Intake's side of both databases: it inserts and reads the doors, nothing else. It may not read back what it wrote,
 * so nothing here has a RETURNING.
 */
import { CompiledQuery } from 'kysely';
import type { PoolConfig } from 'pg';
import type { InboxStore } from '../../message/door-ports.ts';
import type { InboxRow } from '../../message/ports.ts';
import { type Connection, openConnection } from './connection.ts';
import { type Gather, gather } from './gather.ts';
import { openNudge } from './nudge.ts';
import { doorRow, toDate } from './row-shapes.ts';
import type { PrivateTables, PublicTables } from './tables.ts';
import { timeToJudge } from './time-to-judge.ts';
import { openWake } from './wake.ts';

/** Small mails share a statement; one that is larger than this goes by itself, as a statement is copied on its way. */
const smallMail = 64 * 1024;
const rowsPerStatement = 20;

export type OpenInboxStore = InboxStore &
  Readonly<{
    /** Resolves when the doors may have changed, or after so many milliseconds. */
    waitForDoors: (longest: number) => Promise<void>;
    close: () => Promise<void>;
  }>;

export function openInboxStore(
  config: Readonly<{ private: PoolConfig; public: PoolConfig }>,
): OpenInboxStore {
  const own = openConnection<PrivateTables>(config.private);
  const shared = openConnection<PublicTables>(config.public);
  const insert = insertPrivate(own);
  const keyholder = openNudge(own.query, 'embargod_keyholder');
  const keeper = openNudge(shared.query, 'embargod_public');
  const wake = openWake(config.private, 'embargod_intake');
  return {
    insertPrivate: async (row) => {
      await insert(row);
      keyholder.nudge();
    },
    insertPublic: async (row) => {
      await insertPublic(shared, row);
      keeper.nudge();
    },
    doors: async () =>
      (await own.query.selectFrom('doors').selectAll().orderBy('list').execute()).map(doorRow),
    waitForDoors: (longest) => wake.wait(longest),
    close: async () => {
      await Promise.all([wake.close(), keyholder.settled(), keeper.settled()]);
      await Promise.all([own.close(), shared.close()]);
    },
  };
}

/** Mails that end within the same few milliseconds share a statement, a commit and its fsync. */
function insertPrivate({ query }: Connection<PrivateTables>): Gather<InboxRow, void> {
  const insert = async (rows: readonly InboxRow[]) => {
    const values = rows.flatMap((row) => [
      row.id,
      toDate(row.receivedAt),
      row.lists,
      row.epoch,
      row.sizeClass,
      row.sealed,
      new Date(row.receivedAt + timeToJudge),
    ]);
    await query.executeQuery(CompiledQuery.raw(insertText(rows.length), values));
    return rows.map(() => undefined);
  };
  const insertSmall = gather(insert, rowsPerStatement);
  return async (row) => {
    if (row.sealed.length <= smallMail) await insertSmall(row);
    else await insert([row]);
  };
}

/** Written by hand: composing it for each mail costs more than sealing its key. */
function insertText(rows: number): string {
  const tuples = Array.from({ length: rows }, (_, row) => {
    const numbers = Array.from({ length: 7 }, (__, column) => `$${row * 7 + column + 1}`);
    return `(${numbers.join(', ')})`;
  });
  return `insert into inbox (id, received_at, lists, epoch, size_class, sealed, judge_by) values ${tuples.join(', ')}`;
}

async function insertPublic(
  shared: Connection<PublicTables>,
  row: Parameters<InboxStore['insertPublic']>[0],
): Promise<void> {
  await shared.query
    .insertInto('inbox')
    .values({
      id: row.id,
      received_at: toDate(row.receivedAt),
      kind: 'mail',
      lists: row.lists,
      envelope: row.envelope,
      raw: row.raw,
    })
    .execute();
}
