import type { InboxRow } from '../../message/ports.ts';
import { type Commit, withClaim } from './claim.ts';
import type { Connection } from './connection.ts';
import { inboxRow } from './row-shapes.ts';
import type { PrivateTables } from './tables.ts';

type Attempted = InboxRow & { attempts: number };

/**
 * The oldest waiting mail. Its attempt is counted on another connection and committed before the work begins, while
 * this one holds the row: a mail that kills the process is found counted, and only the holder counts.
 */
export function withInboxItem<T>(
  connection: Connection<PrivateTables>,
  work: (row: Attempted, commit: Commit, excuse: () => Promise<void>) => Promise<T>,
): Promise<T | undefined> {
  return withClaim<Attempted, T>({
    connection,
    take: async (query) => {
      const row = await query
        .selectFrom('inbox')
        .select(['id', 'received_at', 'lists', 'epoch', 'size_class', 'sealed'])
        .where('state', '=', 'waiting')
        .orderBy('received_at')
        .orderBy('id')
        .limit(1)
        .forUpdate()
        .skipLocked()
        .executeTakeFirst();
      return row && { ...inboxRow(row), attempts: await countAttempt(connection, row.id) };
    },
    work: (row, commit) => work(row, commit, () => excuseAttempt(connection, row.id)),
  });
}

async function countAttempt(connection: Connection<PrivateTables>, id: string): Promise<number> {
  const counted = await connection.query
    .insertInto('inbox_attempts')
    .values({ inbox_id: id, attempts: 1 })
    .onConflict((conflict) =>
      conflict
        .column('inbox_id')
        .doUpdateSet((row) => ({ attempts: row('inbox_attempts.attempts', '+', 1) })),
    )
    .returning('attempts')
    .executeTakeFirstOrThrow();
  return counted.attempts;
}

async function excuseAttempt(connection: Connection<PrivateTables>, id: string): Promise<void> {
  await connection.query
    .updateTable('inbox_attempts')
    .set((row) => ({ attempts: row('attempts', '-', 1) }))
    .where('inbox_id', '=', id)
    .execute();
}
