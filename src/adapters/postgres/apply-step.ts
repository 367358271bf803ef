/**
 * One decision of the keyholder, written as a whole or not at all. The row of `journal_head` is locked first: of two
 * keyholders that decided on the same journal, one writes and the other hears 'behind'.
 */
import { type Kysely, sql } from 'kysely';
import type { JournalHead } from '../../message/ports.ts';
import type { CommitResult, Step } from '../../message/private-store-port.ts';
import { databaseProblem } from './database-problem.ts';
import { toDate } from './row-shapes.ts';
import { cancelCopies, changeOutbox, fillOutbox } from './step-outbox.ts';
import { settleObligations, writeBodies, writeRoster } from './step-parts.ts';
import { endEpochs, holdEpochs, purgeRows } from './step-purge.ts';
import type { PrivateTables } from './tables.ts';
import { timeToJudge } from './time-to-judge.ts';
import { settleUncertain } from './uncertain-rows.ts';

/** Must run inside a transaction; 'behind' has written nothing but still holds the head's lock. */
export async function applyStep(query: Kysely<PrivateTables>, step: Step): Promise<CommitResult> {
  const head = await query
    .selectFrom('journal_head')
    .select(['generation', 'size', 'head'])
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (!sameHead(head, step.after)) return 'behind';

  // The step's own time, so that a moved clock in tests and the rows agree; the newest entry says it.
  const at = new Date(step.entries.at(-1)?.at ?? Date.now());
  await holdEpochs(query, step.epochsEnd?.ended ?? []);
  await writeRoster(query, step);
  await writeBodies(query, step);
  await cancelCopies(query, step, at);
  await changeOutbox(query, step, at);
  await settleUncertain(query, step, at);
  await fillOutbox(query, step, at);
  await settleObligations(query, step);
  await settleSource(query, step);
  await settleHeld(query, step, at);
  await appendJournal(query, step);
  if (step.purge) await purgeRows(query, step.purge);
  if (step.epochsEnd) await endEpochs(query, step.epochsEnd);
  return 'committed';
}

export function sameHead(left: JournalHead, right: JournalHead): boolean {
  return (
    left.generation === right.generation &&
    left.size === right.size &&
    Buffer.compare(left.head, right.head) === 0
  );
}

/** The mail or request that the step answers. */
async function settleSource(query: Kysely<PrivateTables>, step: Step): Promise<void> {
  if (step.inbox) {
    const owner = step.inbox.state === 'held' ? { owner: 'administrators' } : {};
    const result = await query
      .updateTable('inbox')
      .set({ state: step.inbox.state, ...owner })
      .where('id', '=', step.inbox.id)
      .executeTakeFirst();
    mustHaveChanged(result.numUpdatedRows, `Inbox row ${step.inbox.id}`);
  }
  if (step.request) {
    const result = await query
      .updateTable('requests')
      .set({ state: step.request.state, answer: step.request.answer })
      .where('id', '=', step.request.id)
      .where('state', '=', 'waiting')
      .executeTakeFirst();
    mustHaveChanged(result.numUpdatedRows, `Request ${step.request.id}`);
    await sql`NOTIFY embargod_operator`.execute(query);
  }
}

/** A passed row starts anew: its owner, its time and its count of attempts are those of fresh mail (I6). */
async function settleHeld(query: Kysely<PrivateTables>, step: Step, at: Date): Promise<void> {
  if (!step.heldInbox) return;
  const { id, state } = step.heldInbox;
  const passed = { owner: 'keyholder', judge_by: new Date(at.getTime() + timeToJudge) };
  const result = await query
    .updateTable('inbox')
    .set({ state, ...(state === 'waiting' ? passed : {}) })
    .where('id', '=', id)
    .where('state', '=', 'held')
    .executeTakeFirst();
  mustHaveChanged(result.numUpdatedRows, `Held mail ${id}`);
  if (state === 'waiting') {
    await query.updateTable('inbox_attempts').set({ attempts: 0 }).where('inbox_id', '=', id).execute();
    await sql`NOTIFY embargod_keyholder`.execute(query);
  }
}

function mustHaveChanged(rows: bigint, what: string): void {
  if (rows !== 1n) throw databaseProblem('row-unknown', `${what} is not there, or was answered already.`);
}

async function appendJournal(query: Kysely<PrivateTables>, step: Step): Promise<void> {
  const last = step.entries.at(-1);
  if (!last) return;
  const first = step.after.size + 1;
  await query
    .insertInto('journal')
    .values(
      step.entries.map((entry, index) => ({
        sequence: first + index,
        at: toDate(entry.at),
        kind: entry.kind,
        subject: entry.subject ?? null,
        commitment: entry.commitment,
        head: entry.head,
      })),
    )
    .execute();
  await query
    .insertInto('details')
    .values(
      step.entries.map((entry, index) => ({
        sequence: first + index,
        epoch: entry.epoch,
        sealed: entry.sealed,
      })),
    )
    .execute();
  await query
    .updateTable('journal_head')
    .set({ size: step.after.size + step.entries.length, head: last.head })
    .execute();
}
