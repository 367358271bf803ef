import { type Kysely, sql } from 'kysely';
import type { Place } from '../../../publication/archive/archive-port.ts';
import type { SearchQuery } from '../../../publication/archive/search-query.ts';
import type { PublicTables } from '../tables.ts';
import { older, withinSpan } from './posting-shapes.ts';

export type Candidate = Readonly<{ number: number; posted_at: Date; hit: boolean }>;

/** What the index finds, the newest first; and of each, where `exact` is given, whether it is what was asked for. */
export async function candidatesOf(
  query: Kysely<PublicTables>,
  given: Readonly<{
    words: string;
    exact: string | undefined;
    asked: SearchQuery;
    after: Place | undefined;
    limit: number;
  }>,
): Promise<readonly Candidate[]> {
  const { words, exact, asked, after, limit } = given;
  // Words are read from where they lie out of line, and only those of the rows that the limit leaves.
  const newest = query
    .selectFrom('posting_texts')
    .select(['number', 'posted_at', 'words'])
    .where(sql<boolean>`words @@ ${words}::tsquery`)
    .where(withinSpan(asked))
    .where(older('posted_at', 'number', after))
    .orderBy('posted_at', 'desc')
    .orderBy('number', 'desc')
    .limit(limit);
  return query
    .selectFrom(newest.as('newest'))
    .select(['number', 'posted_at'])
    .select(
      exact === undefined ? sql<boolean>`true`.as('hit') : sql<boolean>`words @@ ${exact}::tsquery`.as('hit'),
    )
    .execute();
}
