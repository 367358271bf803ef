import type { Kysely } from 'kysely';
import type { InboxRow } from '../../message/ports.ts';
import { type Commit, withClaim } from './claim.ts';
import type { Connection } from './connection.ts';
import { databaseProblem } from './database-problem.ts';
import { base64Of, fromBase64, lengthOf, pieceOf, readInPieces } from './read-in-pieces.ts';
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
        .select(['id', 'received_at', 'lists', 'epoch', 'size_class'])
        .select([base64Of(pieceOf('sealed', 0)).as('start'), lengthOf('sealed')])
        .where('state', '=', 'waiting')
        .orderBy('received_at')
        .orderBy('id')
        .limit(1)
        .forUpdate()
        .skipLocked()
        .executeTakeFirst();
      if (!row) return undefined;
      const attempts = await countAttempt(connection, row.id);
      return { ...inboxRow({ ...row, sealed: await wholeSealed(query, row) }), attempts };
    },
    work: (row, commit) => work(row, commit, () => excuseAttempt(connection, row.id)),
  });
}

/** The row is locked: what is there stays. */
async function wholeSealed(
  query: Kysely<PrivateTables>,
  { id, start, length }: Readonly<{ id: string; start: string; length: number }>,
): Promise<Uint8Array> {
  const whole = await readInPieces(fromBase64(start), length, async (from) => {
    const piece = base64Of(pieceOf('sealed', from)).as('piece');
    const row = await query.selectFrom('inbox').select(piece).where('id', '=', id).executeTakeFirst();
    return row && fromBase64(row.piece);
  });
  if (whole) return whole;
  throw databaseProblem('row-unknown', `Inbox row ${id} was not as long as it said.`);
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
