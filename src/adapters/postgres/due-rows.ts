/**
 * One batch of a sender: lock due rows, hand them out, settle them by what was recorded.
 *
 * Outcomes are committed one by one in `deliveries`, on another connection, while the batch holds its rows. A row counts
 * in `attempts` the outcomes it was settled by. More outcomes than that mean that a batch died after recording: then the row is
 * settled by them first, and only goes out again if the last of them said so.
 */
import { type Kysely, sql } from 'kysely';
import type { OutboxStore } from '../../message/door-ports.ts';
import type { DeliveryOutcome } from '../../message/ports.ts';
import type { Instant } from '../../time/instant.ts';
import { type Connection, withHeldConnection } from './connection.ts';
import type { RecordOutcome } from './record-outcomes.ts';
import { deliveryOutcome, outboxColumns, outboxRow, toDate, toInstant } from './row-shapes.ts';
import { type Settlement, settlementOf, settleRows } from './settlement.ts';
import type { PrivateTables } from './tables.ts';

type Work = Parameters<OutboxStore['withDueRows']>[2];
type Batch = Readonly<{
  connection: Connection<PrivateTables>;
  record: RecordOutcome;
  limit: number;
  now: Instant;
  work: Work;
}>;

export async function withDueRows(batch: Batch): Promise<number> {
  // Each round settles rows that a dead batch had recorded; they are no longer due, so this ends.
  for (;;) {
    const result = await oneBatch(batch);
    if (result.handed > 0 || result.folded === 0) return result.handed;
  }
}

async function oneBatch({
  connection,
  record,
  limit,
  now,
  work,
}: Batch): Promise<{ handed: number; folded: number }> {
  return withHeldConnection(connection, (held) =>
    held.query.transaction().execute(async (transaction) => {
      const locked = await lockDueRows(transaction, limit, now);
      const recorded = await recordedFor(
        transaction,
        locked.map((row) => row.id),
      );
      const suspended = await suspendedAmong(transaction, locked);
      const settlements = settlementsOf({ rows: locked, recorded, suspended, now });
      await settleRows(transaction, settlements);
      const fit = locked.filter((row) => !settlements.has(row.id));
      if (fit.length > 0)
        await handOut({ record, transaction, rows: fit, recorded, now, work, alive: held.alive });
      return { handed: fit.length, folded: locked.length - fit.length };
    }),
  );
}

function lockDueRows(query: Kysely<PrivateTables>, limit: number, now: Instant) {
  return query
    .selectFrom('outbox')
    .select([...outboxColumns, 'outbox.attempts', 'outbox.created_at'])
    .where('state', 'in', ['queued', 'deferred'])
    .where('next_at', '<=', toDate(now))
    .orderBy('next_at')
    .orderBy('id')
    .limit(limit)
    .forNoKeyUpdate()
    .skipLocked()
    .execute();
}

type Locked = Awaited<ReturnType<typeof lockDueRows>>[number];

/** Read after the lock, in a statement of its own: what another sender recorded before it let go is seen. */
async function recordedFor(
  query: Kysely<PrivateTables>,
  ids: readonly string[],
): Promise<Map<string, DeliveryOutcome[]>> {
  const recorded = new Map<string, DeliveryOutcome[]>();
  if (ids.length === 0) return recorded;
  const rows = await query
    .selectFrom('deliveries')
    .selectAll()
    .where(sql<boolean>`outbox_id = any(${ids}::text[])`)
    .orderBy('id')
    .execute();
  for (const row of rows) {
    const known = recorded.get(row.outbox_id) ?? [];
    known.push(deliveryOutcome(row));
    recorded.set(row.outbox_id, known);
  }
  return recorded;
}

/** Readers who may not be written to any more: their suspension could not cancel a row that a sender held (A6). */
async function suspendedAmong(
  query: Kysely<PrivateTables>,
  rows: readonly Locked[],
): Promise<ReadonlySet<string>> {
  const ids = rows.flatMap((row) => row.reader_id ?? []);
  if (ids.length === 0) return new Set();
  const found = await query
    .selectFrom('readers')
    .select('id')
    .where(sql<boolean>`id = any(${ids}::text[])`)
    .where('standing', '<>', 'active')
    .execute();
  return new Set(found.map((row) => row.id));
}

type HandOut = Readonly<{
  record: RecordOutcome;
  transaction: Kysely<PrivateTables>;
  rows: readonly Locked[];
  recorded: ReadonlyMap<string, readonly DeliveryOutcome[]>;
  now: Instant;
  work: Work;
  alive: () => boolean;
}>;

/** Where work throws, nothing is settled here: the rows are due again, and the next batch finds what was recorded. */
async function handOut({
  record: commitOutcome,
  transaction,
  rows,
  recorded,
  now,
  work,
  alive,
}: HandOut): Promise<void> {
  const outcomes = new Map<string, DeliveryOutcome[]>(
    rows.map((row) => [row.id, [...(recorded.get(row.id) ?? [])]]),
  );
  const record = async (rowId: string, outcome: DeliveryOutcome) => {
    const known = outcomes.get(rowId);
    if (!known) throw new RangeError('An outcome is recorded only for a row of the batch in hand.');
    await commitOutcome({ rowId, outcome });
    known.push(outcome);
  };
  const handed = rows.map((row) => ({
    ...outboxRow(row),
    attempts: outcomes.get(row.id)?.length ?? 0,
    createdAt: toInstant(row.created_at),
  }));
  await work(handed, record, alive);
  const suspended = await suspendedAmong(transaction, rows);
  await settleRows(transaction, settlementsOf({ rows, recorded: outcomes, suspended, now }));
}

function settlementsOf(
  facts: Readonly<{
    rows: readonly Locked[];
    recorded: ReadonlyMap<string, readonly DeliveryOutcome[]>;
    suspended: ReadonlySet<string>;
    now: Instant;
  }>,
): ReadonlyMap<string, Settlement> {
  const settlements = new Map<string, Settlement>();
  for (const row of facts.rows) {
    const settlement = settlementOf({
      settled: row.attempts,
      recorded: facts.recorded.get(row.id) ?? [],
      suspended: facts.suspended.has(row.reader_id ?? ''),
      now: facts.now,
    });
    if (settlement) settlements.set(row.id, settlement);
  }
  return settlements;
}
