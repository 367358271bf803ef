/**
 * Searches an archive, the newest first, at a cost that does not grow with it: stretch by stretch of months, each mark of
 * the index, until the page is full. The first stretch holds a thousand postings or a month, the next is many times as
 * long: a word of every day is found in the first, and one that nobody used lately costs a few look-ups.
 */
import { type Kysely, sql } from 'kysely';
import type { Place, SearchPage, SearchResult } from '../../../publication/archive/archive-port.ts';
import type { PostingLine } from '../../../publication/archive/posting.ts';
import type { SearchQuery } from '../../../publication/archive/search-query.ts';
import { hasPhrase, writeCandidates, writeSearch } from '../../../publication/archive/search-words.ts';
import { toInstant } from '../row-shapes.ts';
import type { PublicTables } from '../tables.ts';
import { older, selectLines, toLine, withinSpan } from './posting-shapes.ts';
import { type Candidate, candidatesOf } from './search-candidates.ts';
import { searchStretches } from './search-stretches.ts';

/** `rank` weighs as many of the newest hits; each costs a read of its words. */
const mostRanked = 300;
/** The index knows words, not their places: a posting that has all words of a phrase is read, some 10 µs each. */
const readAtOnce = 200;
/** Two words of every day, never side by side, are in half of an archive: beyond this the next page goes on. */
const mostRead = 1_000;

export async function searchPostings(
  query: Kysely<PublicTables>,
  list: string,
  asked: SearchQuery,
  page: SearchPage,
): Promise<SearchResult> {
  const wanted = page.order === 'rank' ? mostRanked : page.limit + 1;
  // What names no word is no search of the index: time alone is in order already.
  if (asked.terms.length === 0 && page.order === 'newest') return withinTime(query, list, asked, page);
  const { hits, end } = await findHits(query, { list, asked, after: page.after, wanted });
  const lines = await linesOf(query, hits);
  if (page.order === 'rank')
    return { postings: await ranked(query, asked, lines, page.limit), next: undefined };
  return paged(lines, page.limit, end);
}

async function withinTime(
  query: Kysely<PublicTables>,
  list: string,
  asked: SearchQuery,
  { limit, after }: SearchPage,
): Promise<SearchResult> {
  const rows = await selectLines(query)
    .where('list', '=', list)
    .where(withinSpan(asked))
    .where(older('posted_at', 'number', after))
    .orderBy('posted_at', 'desc')
    .orderBy('number', 'desc')
    .limit(limit + 1)
    .execute();
  return paged(rows.map(toLine), limit, undefined);
}

/** `end`: where the search stopped before it was through. */
function paged(found: readonly PostingLine[], limit: number, end: Place | undefined): SearchResult {
  const postings = found.slice(0, limit);
  const last = postings.at(-1);
  return { postings, next: found.length > limit && last ? placeOf(last) : end };
}

function placeOf({ postedAt, number }: PostingLine): Place {
  return { at: postedAt, number };
}

type Wanted = Readonly<{ list: string; asked: SearchQuery; after: Place | undefined; wanted: number }>;

async function findHits(
  query: Kysely<PublicTables>,
  { list, asked, after, wanted }: Wanted,
): Promise<Readonly<{ hits: readonly number[]; end: Place | undefined }>> {
  const exact = hasPhrase(asked.terms) ? writeSearch(asked.terms) : undefined;
  const words = writeCandidates(asked.terms);
  const hits: number[] = [];
  let read = 0;
  let place = after;
  for await (const marks of searchStretches(query, list, asked, after)) {
    for (let more = true; more; ) {
      const limit = exact === undefined ? wanted - hits.length : readAtOnce;
      const stretch = { words: [words, `'list:${list}'`, marks].filter(Boolean).join(' & '), exact };
      const found: readonly Candidate[] = await candidatesOf(query, {
        ...stretch,
        asked,
        after: place,
        limit,
      });
      hits.push(...found.flatMap(({ number, hit }) => (hit ? [number] : [])));
      if (hits.length >= wanted) return { hits: hits.slice(0, wanted), end: undefined };
      const last = found.at(-1);
      more = found.length === limit && last !== undefined;
      if (last && more) place = { at: toInstant(last.posted_at), number: last.number };
      read += exact === undefined ? 0 : found.length;
      if (read >= mostRead && more) return { hits, end: place };
    }
  }
  return { hits, end: undefined };
}

async function linesOf(
  query: Kysely<PublicTables>,
  numbers: readonly number[],
): Promise<readonly PostingLine[]> {
  if (numbers.length === 0) return [];
  const rows = await selectLines(query)
    .where('number', '=', sql<number>`ANY(${[...numbers]}::bigint[])`)
    .orderBy('posted_at', 'desc')
    .orderBy('number', 'desc')
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
