/**
 * Searches an archive, the newest first, at a cost that does not grow with it: stretch by stretch of months, each mark of
 * the index, until the page is full. A stretch holds a few thousand postings; the next is eight times as long, so that a
 * word that nobody used lately costs a few look-ups, not one for each year.
 */
import { type Kysely, sql } from 'kysely';
import type { Month, Place, SearchPage, SearchResult } from '../../../publication/archive/archive-port.ts';
import type { PostingLine } from '../../../publication/archive/posting.ts';
import type { SearchQuery } from '../../../publication/archive/search-query.ts';
import { writeSearch } from '../../../publication/archive/search-words.ts';
import { formatInstant, type Instant } from '../../../time/instant.ts';
import { toDate } from '../row-shapes.ts';
import type { PublicTables } from '../tables.ts';
import { selectLines, toLine } from './posting-shapes.ts';

/** Postings that the first stretch holds, about. */
const firstStretch = 1_000;
const growth = 8;
/** `rank` weighs as many of the newest hits; each costs a read of its words. */
const mostRanked = 300;

export async function searchPostings(
  query: Kysely<PublicTables>,
  list: string,
  asked: SearchQuery,
  page: SearchPage,
): Promise<SearchResult> {
  const wanted = page.order === 'rank' ? mostRanked : page.limit + 1;
  const found: PostingLine[] = [];
  for (const months of stretches(await monthsOf(query, list), asked, page.after)) {
    const rows = await stretch(query, {
      list,
      asked,
      after: page.after,
      months,
      limit: wanted - found.length,
    });
    found.push(...rows);
    if (found.length >= wanted) break;
  }
  if (page.order === 'rank')
    return { postings: await ranked(query, asked, found, page.limit), next: undefined };
  const postings = found.slice(0, page.limit);
  const last = postings.at(-1);
  return { postings, next: found.length > page.limit && last ? placeOf(last) : undefined };
}

function placeOf({ postedAt, number }: PostingLine): Place {
  return { at: postedAt, number };
}

async function monthsOf(query: Kysely<PublicTables>, list: string): Promise<readonly Month[]> {
  const rows = await query
    .selectFrom('archive_months')
    .select(['postings', sql<string>`to_char(month, 'YYYY-MM')`.as('month')])
    .where('list', '=', list)
    .orderBy('month', 'desc')
    .execute();
  return rows;
}

/** Of the months that may hold hits, the newest first. */
function* stretches(
  months: readonly Month[],
  { after, before }: SearchQuery,
  place: Place | undefined,
): Generator<readonly string[]> {
  const oldest = after === undefined ? '' : monthOf(after);
  const newest =
    [before, place?.at].flatMap((at) => (at === undefined ? [] : [monthOf(at)])).sort()[0] ?? '9999';
  let held: string[] = [];
  let postings = 0;
  let size = firstStretch;
  for (const month of months) {
    if (month.month < oldest || month.month > newest) continue;
    held.push(month.month);
    postings += month.postings;
    if (postings < size) continue;
    yield held;
    [held, postings, size] = [[], 0, size * growth];
  }
  if (held.length > 0) yield held;
}

function monthOf(at: Instant): string {
  return formatInstant(at).slice(0, 7);
}

async function stretch(
  query: Kysely<PublicTables>,
  of: Readonly<{
    list: string;
    asked: SearchQuery;
    after: Place | undefined;
    months: readonly string[];
    limit: number;
  }>,
): Promise<readonly PostingLine[]> {
  const { list, asked, after, months, limit } = of;
  const within = `'list:${list}' & (${months.map((month) => `'month:${month}'`).join(' | ')})`;
  const words = asked.terms.length === 0 ? within : `${writeSearch(asked.terms)} & ${within}`;
  const rows = await selectLines(query)
    .innerJoin('posting_texts', 'posting_texts.number', 'postings.number')
    .where(sql<boolean>`words @@ ${words}::tsquery`)
    .where(asked.after === undefined ? sql<boolean>`true` : sql<boolean>`posted_at >= ${toDate(asked.after)}`)
    .where(
      asked.before === undefined ? sql<boolean>`true` : sql<boolean>`posted_at < ${toDate(asked.before)}`,
    )
    .where(
      after === undefined
        ? sql<boolean>`true`
        : sql<boolean>`(posted_at, postings.number) < (${toDate(after.at)}, ${after.number}::bigint)`,
    )
    .orderBy('posted_at', 'desc')
    .orderBy('postings.number', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toLine);
}

async function ranked(
  query: Kysely<PublicTables>,
  { terms }: SearchQuery,
  found: readonly PostingLine[],
  limit: number,
): Promise<readonly PostingLine[]> {
  const words = writeSearch(terms.filter(({ kind, not }) => kind === 'words' && !not));
  if (words === '') return found.slice(0, limit);
  const rows = await query
    .selectFrom('posting_texts')
    .select(['number', sql<number>`ts_rank_cd(words, ${words}::tsquery, 1)`.as('rank')])
    .where('number', '=', sql<number>`ANY(${found.map(({ number }) => number)}::bigint[])`)
    .execute();
  const ranks = new Map(rows.map(({ number, rank }) => [number, rank]));
  const rankOf = ({ number }: PostingLine) => ranks.get(number) ?? 0;
  return found.toSorted((left, right) => rankOf(right) - rankOf(left)).slice(0, limit);
}
