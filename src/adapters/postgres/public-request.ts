/** A request of the operator to public-keeper: looked at once, and what it decides is written with its answer or not at all. */
import { sql, type Transaction } from 'kysely';
import type { Instant } from '../../time/instant.ts';
import { type Connection, withHeldConnection } from './connection.ts';
import { countAttempt, endAttempts, mostAttempts } from './public-attempts.ts';
import type { PublicItem } from './public-item.ts';
import { toDate, toInstant } from './row-shapes.ts';
import type { PublicTables } from './tables.ts';

/** As whoever has the operator's role wrote it: signed by nobody until it is checked. */
export type ModerationRow = Readonly<{ id: string; statement: string; signature: Uint8Array }>;

export type HeldItem = PublicItem &
  Readonly<{ state: 'waiting' | 'held' | 'done' | 'refused'; heldFor: readonly string[] }>;

export type ModerationOutcome = Readonly<{
  state: 'done' | 'refused';
  /** A sentence for the operator. */
  answer: string;
  decision?: Readonly<{
    mail: string;
    verdict: 'passed' | 'refused';
    decidedBy: string;
    at: Instant;
    reason: string;
    /** Lists that know this author from now on. */
    known: Readonly<{ author: string; lists: readonly string[] }> | undefined;
  }>;
}>;

type Writing = Transaction<PublicTables>;

export function withModerationRequest(
  connection: Connection<PublicTables>,
  work: (
    row: ModerationRow,
    held: (id: string) => Promise<HeldItem | undefined>,
  ) => Promise<ModerationOutcome>,
): Promise<boolean> {
  return withHeldConnection(connection, (own) =>
    own.query.transaction().execute(async (transaction) => {
      const row = await transaction
        .selectFrom('requests')
        .select(['id', 'statement', 'signature'])
        .where('state', '=', 'waiting')
        .orderBy('created_at')
        .orderBy('id')
        .limit(1)
        .forUpdate()
        .skipLocked()
        .executeTakeFirst();
      if (!row) return false;
      const outcome =
        (await countAttempt(connection, row.id)) > mostAttempts
          ? givenUp
          : await work(row, (id) => lockHeld(transaction, id));
      const { state, answer, decision } = outcome;
      await transaction.updateTable('requests').set({ state, answer }).where('id', '=', row.id).execute();
      if (decision) await writeDecision(transaction, row.id, decision);
      await endAttempts(transaction, row.id);
      await sql`NOTIFY embargod_operator`.execute(transaction);
      return true;
    }),
  );
}

const givenUp: ModerationOutcome = {
  state: 'refused',
  answer: 'public-keeper ended each time that it tried; its log says how. The mail stays held.',
};

/** Mail only: a record of the keyholder's is nobody's to moderate. */
async function lockHeld(transaction: Writing, id: string): Promise<HeldItem | undefined> {
  const one = transaction.selectFrom('inbox').selectAll().where('id', '=', id).where('kind', '=', 'mail');
  // Row security lets nobody lock what is decided; to say so, reading is enough.
  const row = (await one.forUpdate().executeTakeFirst()) ?? (await one.executeTakeFirst());
  if (!row) return undefined;
  const { kind, lists, envelope, raw, state } = row;
  return {
    id,
    kind,
    lists,
    envelope,
    raw,
    state,
    receivedAt: toInstant(row.received_at),
    heldFor: row.held_for,
  };
}

async function writeDecision(
  transaction: Writing,
  request: string,
  decision: NonNullable<ModerationOutcome['decision']>,
): Promise<void> {
  const { mail, verdict, known } = decision;
  const at = toDate(decision.at);
  await transaction
    .insertInto('moderation_decisions')
    .values({
      mail,
      request,
      verdict,
      decided_by: decision.decidedBy,
      decided_at: at,
      reason: decision.reason,
    })
    .execute();
  await transaction
    .updateTable('inbox')
    .set({ state: verdict === 'passed' ? 'done' : 'refused' })
    .where('id', '=', mail)
    .execute();
  if (!known || known.lists.length === 0) return;
  await transaction
    .insertInto('known_authors')
    .values(known.lists.map((list) => ({ list, address: known.author, since: at, mail })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
