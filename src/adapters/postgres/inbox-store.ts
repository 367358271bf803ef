/**
 * Intake's side of both databases: it inserts and reads the doors, nothing else. It may not read back what it wrote,
 * so nothing here has a RETURNING.
 */
import type { PoolConfig } from 'pg';
import type { InboxStore } from '../../message/door-ports.ts';
import { type Connection, openConnection } from './connection.ts';
import { openNudge } from './nudge.ts';
import { doorRow, toDate } from './row-shapes.ts';
import type { PrivateTables, PublicTables } from './tables.ts';
import { timeToJudge } from './time-to-judge.ts';
import { openWake } from './wake.ts';

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
  const keyholder = openNudge(own.query, 'embargod_keyholder');
  const keeper = openNudge(shared.query, 'embargod_public');
  const wake = openWake(config.private, 'embargod_intake');
  return {
    insertPrivate: async (row) => {
      await insertPrivate(own, row);
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

async function insertPrivate(
  own: Connection<PrivateTables>,
  row: Parameters<InboxStore['insertPrivate']>[0],
): Promise<void> {
  await own.query
    .insertInto('inbox')
    .values({
      id: row.id,
      received_at: toDate(row.receivedAt),
      lists: row.lists,
      epoch: row.epoch,
      size_class: row.sizeClass,
      sealed: row.sealed,
      judge_by: new Date(row.receivedAt + timeToJudge),
    })
    .execute();
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
