/**
 * Taking one waiting row for the length of a piece of work, and committing the work's step in the same transaction that
 * holds the row: either the row is judged and everything about it is written, or it waits on.
 */
import type { ControlledTransaction, Kysely } from 'kysely';
import type { CommitResult, Step } from '../../message/private-store-port.ts';
import { applyStep } from './apply-step.ts';
import { type Connection, withHeldConnection } from './connection.ts';
import { databaseProblem } from './database-problem.ts';
import type { PrivateTables } from './tables.ts';

export type Commit = (step: Step) => Promise<CommitResult>;

export type Claim<Row, T> = Readonly<{
  connection: Connection<PrivateTables>;
  /** Locks a row (SKIP LOCKED) and reads it; undefined when there is none. */
  take: (query: Kysely<PrivateTables>) => Promise<Row | undefined>;
  work: (row: Row, commit: Commit) => Promise<T>;
}>;

/** Undefined when no row waits. Work that returns without a commit leaves the row waiting. */
export async function withClaim<Row, T>(claim: Claim<Row, T>): Promise<T | undefined> {
  return withHeldConnection(claim.connection, async (held) => {
    const transaction = await held.query.startTransaction().execute();
    try {
      const row = await claim.take(transaction);
      return row === undefined ? undefined : await claim.work(row, commitOnce(transaction));
    } finally {
      if (!transaction.isCommitted && !transaction.isRolledBack && held.alive()) {
        await transaction.rollback().execute();
      }
    }
  });
}

/** 'behind' keeps the claim but lets go of the journal's head, so that others write while the caller reads the tail. */
function commitOnce(transaction: ControlledTransaction<PrivateTables>): Commit {
  return async (step) => {
    if (transaction.isCommitted) {
      throw databaseProblem('already-committed', 'This row is settled: one piece of work commits one step.');
    }
    const guarded = await transaction.savepoint('step').execute();
    try {
      const result = await applyStep(guarded, step);
      if (result === 'behind') await guarded.rollbackToSavepoint('step').execute();
      else await transaction.commit().execute();
      return result;
    } catch (error) {
      if (!transaction.isCommitted) {
        await guarded
          .rollbackToSavepoint('step')
          .execute()
          .catch(() => undefined);
      }
      throw error;
    }
  };
}
