import { sql, type Transaction } from 'kysely';
import type { NewPosting } from '../../../publication/archive/posting.ts';
import { formatInstant, type Instant } from '../../../time/instant.ts';
import { toDate } from '../row-shapes.ts';
import type { PublicTables } from '../tables.ts';

/** What pages of a list are fresh by, and how many postings each month has. */
export async function countPostings(
  transaction: Transaction<PublicTables>,
  list: string,
  postings: readonly NewPosting[],
  now: Instant,
): Promise<void> {
  await transaction
    .updateTable('archives')
    .set(({ eb, ref }) => ({
      postings: eb(ref('postings'), '+', postings.length),
      changed_at: toDate(now),
    }))
    .where('list', '=', list)
    .execute();
  const months = Map.groupBy(postings, ({ postedAt }) => `${formatInstant(postedAt).slice(0, 7)}-01`);
  await transaction
    .insertInto('archive_months')
    .values([...months].map(([month, of]) => ({ list, month, postings: of.length })))
    .onConflict((conflict) =>
      conflict
        .columns(['list', 'month'])
        .doUpdateSet({ postings: sql`archive_months.postings + excluded.postings` }),
    )
    .execute();
}
