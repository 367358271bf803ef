import type { Kysely } from 'kysely';
import type { StoredEntry } from '../../message/ports.ts';
import type { Instant } from '../../time/instant.ts';
import { toInstant } from './row-shapes.ts';
import type { PrivateTables } from './tables.ts';

/** An entry's clear columns: all that the chain is over. */
export type ClearEntry = Omit<StoredEntry, 'sealed' | 'epoch'>;

const page = 1_000;

/** When something of these kinds was last journalled. */
export async function lastOf(
  query: Kysely<PrivateTables>,
  kinds: readonly string[],
): Promise<Instant | undefined> {
  const row = await query
    .selectFrom('journal')
    .select('at')
    .where('kind', 'in', [...kinds])
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && toInstant(row.at);
}

/** The journal as `journal verify` needs it, in pages: no right to the sealed details is used. */
export async function* clearJournal(query: Kysely<PrivateTables>): AsyncIterable<readonly ClearEntry[]> {
  for (let last = 0; ; ) {
    const rows = await query
      .selectFrom('journal')
      .selectAll()
      .where('sequence', '>', last)
      .orderBy('sequence')
      .limit(page)
      .execute();
    if (rows.length > 0) {
      yield rows.map((row) => ({ ...row, at: toInstant(row.at), subject: row.subject ?? undefined }));
    }
    const end = rows.at(-1);
    if (!end || rows.length < page) return;
    last = end.sequence;
  }
}
