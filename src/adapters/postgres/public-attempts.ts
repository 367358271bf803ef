/**
 * How often work on a row of the public database began. Counted in a commit of its own, beside the transaction that works:
 * a mail whose reading ends the process is noticed when it comes up again, and no longer stands before all others.
 */
import type { Transaction } from 'kysely';
import type { Connection } from './connection.ts';
import type { PublicTables } from './tables.ts';

/** A power cut, an update and one accident are no reason to give up. */
export const mostAttempts = 3;

export async function countAttempt({ query }: Connection<PublicTables>, subject: string): Promise<number> {
  const counted = await query
    .insertInto('attempts')
    .values({ subject, attempts: 1 })
    .onConflict((conflict) =>
      conflict.column('subject').doUpdateSet((row) => ({ attempts: row('attempts.attempts', '+', 1) })),
    )
    .returning('attempts')
    .executeTakeFirstOrThrow();
  return counted.attempts;
}

export async function endAttempts(transaction: Transaction<PublicTables>, subject: string): Promise<void> {
  await transaction.deleteFrom('attempts').where('subject', '=', subject).execute();
}
