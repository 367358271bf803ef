/** Rows of a restored outbox (T6): what was on its way when the backup was made, and may have left since. */
import { type Kysely, sql } from 'kysely';
import type { Step } from '../../message/private-store-port.ts';
import type { UncertainRow } from '../../message/restore/uncertain-row.ts';
import type { PrivateTables } from './tables.ts';

export async function uncertainRows(query: Kysely<PrivateTables>): Promise<readonly UncertainRow[]> {
  const rows = await query
    .selectFrom('outbox')
    .select(['id', 'list', 'case_number', 'recipient'])
    .where('state', '=', 'uncertain')
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map(({ id, list, case_number, recipient }) => ({
    id,
    list,
    caseNumber: case_number ?? undefined,
    recipient,
  }));
}

/** A copy without a session key waits for a certificate as before: there is nothing of it to send. */
const waitsForCertificate = sql<boolean>`kind = 'copy' AND octet_length(head) = 0`;

export async function settleUncertain(query: Kysely<PrivateTables>, step: Step, at: Date): Promise<void> {
  if (step.uncertain === undefined) return;
  const uncertain = query.updateTable('outbox').where('state', '=', 'uncertain');
  if (step.uncertain === 'cancel') {
    await uncertain.set({ state: 'cancelled', settled_at: at }).execute();
    return;
  }
  await uncertain.set({ state: 'parked' }).where(waitsForCertificate).execute();
  await uncertain.set({ state: 'queued', next_at: at, settled_at: null }).execute();
  await sql`NOTIFY embargod_sender`.execute(query);
}
