import { type Kysely, sql } from 'kysely';
import type { PublicTables } from '../tables.ts';
import { builtOnce } from './built-once.ts';
import { selectLines } from './posting-shapes.ts';

/** What nearly every page asks. Each says the parameters that it is given. */
export function pageStatements(query: Kysely<PublicTables>) {
  return {
    /** List. */
    state: builtOnce(
      query,
      query
        .selectFrom('archives')
        .select(['postings', 'changed_at'])
        // A page also shows what the directory says of its list.
        .select(
          sql<string>`concat_ws(' ', postings, changed_at, (SELECT lists::text FROM lists WHERE name = list))`.as(
            'stamp',
          ),
        )
        .where('list', '=', ''),
    ),
    /** List, Message-ID. */
    posting: builtOnce(
      query,
      selectLines(query)
        .innerJoin('posting_texts', 'posting_texts.number', 'postings.number')
        .select('posting_texts.parts')
        .where('postings.list', '=', '')
        .where('postings.message_id', '=', ''),
    ),
    /** List, Message-ID: the whole thread, `parts` of that posting alone. */
    withThread: builtOnce(
      query,
      selectLines(query)
        .innerJoin('postings as asked', 'asked.thread', 'postings.thread')
        .select(
          sql<string | null>`CASE WHEN postings.number = asked.number
            THEN (SELECT parts FROM posting_texts WHERE posting_texts.number = asked.number) END`.as('parts'),
        )
        .where('asked.list', '=', '')
        .where('asked.message_id', '=', '')
        .orderBy('postings.posted_at')
        .orderBy('postings.number'),
    ),
    /** List, Message-ID. */
    rawOf: builtOnce(
      query,
      query
        .selectFrom('postings')
        .innerJoin('posting_raws', 'posting_raws.number', 'postings.number')
        .select('raw')
        .where('list', '=', '')
        .where('message_id', '=', ''),
    ),
    /** Numbers. */
    parts: builtOnce(
      query,
      query
        .selectFrom('posting_texts')
        .select(['number', 'parts'])
        .where('number', '=', sql<number>`ANY(${[]}::bigint[])`),
    ),
  };
}
