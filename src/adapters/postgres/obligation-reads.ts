import type { Kysely } from 'kysely';
import type { ObligationRow } from '../../message/ports.ts';
import type { Instant } from '../../time/instant.ts';
import { obligationRow, toInstant } from './row-shapes.ts';
import type { PrivateTables } from './tables.ts';

export type Ending = Readonly<{ settledAt: Instant | undefined; ending: string | undefined }>;

export async function openObligations(query: Kysely<PrivateTables>): Promise<readonly ObligationRow[]> {
  const rows = await query
    .selectFrom('obligations')
    .selectAll()
    .where('settled_at', 'is', null)
    .orderBy('due_at')
    .orderBy('id')
    .execute();
  return rows.map(obligationRow);
}

/** Open and settled ones of one case. */
export async function obligationsAbout(
  query: Kysely<PrivateTables>,
  subject: string,
): Promise<readonly (ObligationRow & Ending)[]> {
  const rows = await query
    .selectFrom('obligations')
    .selectAll()
    .where('subject', '=', subject)
    .orderBy('opened_at')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    ...obligationRow(row),
    settledAt: row.settled_at === null ? undefined : toInstant(row.settled_at),
    ending: row.ending ?? undefined,
  }));
}
