/** What a step does to the outbox. The keyholder never waits for a sender: rows in a sender's hands are skipped. */
import { type Kysely, sql } from 'kysely';
import type { OutboxRow } from '../../message/ports.ts';
import type { Step } from '../../message/private-store-port.ts';
import { databaseProblem } from './database-problem.ts';
import { contentColumns } from './row-shapes.ts';
import type { PrivateTables } from './tables.ts';

/** A statement holds at most 65,535 parameters; a row has 22. */
const rowsPerStatement = 1_000;

const leaving: readonly string[] = ['queued', 'deferred'];

export async function fillOutbox(query: Kysely<PrivateTables>, step: Step, at: Date): Promise<void> {
  const rows = step.outbox ?? [];
  for (let start = 0; start < rows.length; start += rowsPerStatement) {
    await query
      .insertInto('outbox')
      .values(rows.slice(start, start + rowsPerStatement).map((row) => newRow(row, at)))
      .execute();
  }
  if ([...rows, ...(step.outboxUpdates ?? [])].some((row) => leaving.includes(row.state))) {
    await sql`NOTIFY embargod_sender`.execute(query);
  }
}

function newRow(row: OutboxRow, at: Date) {
  return {
    id: row.id,
    list: row.list,
    case_number: row.caseNumber ?? null,
    created_at: at,
    ...changeable(row, at),
  };
}

function changeable(row: OutboxRow, at: Date) {
  return {
    recipient: row.recipient,
    return_path: row.returnPath,
    state: row.state,
    permit_id: row.permitId,
    next_at: at,
    ...contentColumns(row.content),
  };
}

/** Late wraps, passes and retries. A row that a sender holds, or has sent meanwhile, makes the whole step fail. */
export async function changeOutbox(query: Kysely<PrivateTables>, step: Step, at: Date): Promise<void> {
  const updates = step.outboxUpdates ?? [];
  if (updates.length > 0) {
    const free = await query
      .selectFrom('outbox')
      .select('id')
      .where(
        'id',
        'in',
        updates.map((row) => row.id),
      )
      .where('state', '<>', 'sent')
      .forNoKeyUpdate()
      .skipLocked()
      .execute();
    if (free.length !== updates.length) {
      throw databaseProblem(
        'outbox-row-busy',
        'An outbox row is being sent, was sent, or is not there. Nothing was changed; look at it again and repeat.',
      );
    }
  }
  for (const row of updates) {
    // What a row is (its body, its reader, its kind, a permitted mail) never changes; only whom it is wrapped for and
    // where it stands.
    const { body_id, reader_id, kind, message_id, sealed, ...columns } = changeable(row, at);
    await query
      .updateTable('outbox')
      .set({ ...columns, settled_at: null, acknowledged_at: null })
      .where('id', '=', row.id)
      .execute();
  }
  if (step.outboxAcknowledged?.length) {
    await query
      .updateTable('outbox')
      .set({ acknowledged_at: at })
      .where('id', 'in', step.outboxAcknowledged)
      .where('state', 'in', ['failed', 'held'])
      .execute();
  }
}

/** Each by an index of its own. */
const cancellable = [['queued', 'deferred', 'parked'], ['stopped'], ['uncertain']] as const;

/** A6. What a sender holds at this moment it cancels itself: it reads the reader's standing again before DATA. */
export async function cancelCopies(query: Kysely<PrivateTables>, step: Step, at: Date): Promise<void> {
  if (!step.cancelFor?.length) return;
  for (const states of cancellable) {
    await query
      .updateTable('outbox')
      .set({ state: 'cancelled', settled_at: at })
      .where('id', 'in', (outbox) =>
        outbox
          .selectFrom('outbox')
          .select('id')
          .where('reader_id', 'in', step.cancelFor ?? [])
          .where('state', 'in', states)
          .forNoKeyUpdate()
          .skipLocked(),
      )
      .execute();
  }
}
