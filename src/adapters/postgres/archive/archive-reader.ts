/** Reads the archive for its pages, with the rights of `public-site`. */
import { type Kysely, sql } from 'kysely';
import type { MessageId } from '../../../mail/letter-head.ts';
import type { ArchiveReader, Place, Stretch } from '../../../publication/archive/archive-port.ts';
import type { Posting } from '../../../publication/archive/posting.ts';
import { toDate, toInstant } from '../row-shapes.ts';
import type { PublicTables } from '../tables.ts';
import { selectLines, toLine, toParts, toThread } from './posting-shapes.ts';
import { searchPostings } from './search-postings.ts';

export function archiveReader(query: Kysely<PublicTables>): ArchiveReader {
  const whole = () =>
    selectLines(query)
      .innerJoin('posting_texts', 'posting_texts.number', 'postings.number')
      .select('posting_texts.parts');
  const toPosting = (row: Parameters<typeof toLine>[0] & Readonly<{ parts: string }>): Posting => ({
    ...toLine(row),
    size: row.size,
    parts: toParts(row.parts),
  });
  return {
    state: async (list) => {
      const row = await query.selectFrom('archives').selectAll().where('list', '=', list).executeTakeFirst();
      return row && { postings: row.postings, changedAt: toInstant(row.changed_at) };
    },
    months: async (list) => {
      const rows = await query
        .selectFrom('archive_months')
        .select(['postings', sql<string>`to_char(month, 'YYYY-MM')`.as('name')])
        .where('list', '=', list)
        .orderBy('month', 'desc')
        .execute();
      return rows.map(({ name, postings }) => ({ month: name, postings }));
    },
    posting: async (list, id) => {
      const row = await whole()
        .where('postings.list', '=', list)
        .where('postings.message_id', '=', id)
        .executeTakeFirst();
      return row && toPosting(row);
    },
    postingOfDay: async (list, day, number) => {
      const row = await selectLines(query)
        .where('list', '=', list)
        .where('day', '=', sql<Date>`${day}::date`)
        .where('day_number', '=', number)
        .executeTakeFirst();
      return row && toLine(row);
    },
    raw: async (number) => {
      const row = await query
        .selectFrom('posting_raws')
        .select('raw')
        .where('number', '=', number)
        .executeTakeFirst();
      return row?.raw;
    },
    thread: async (thread) => {
      const rows = await selectLines(query)
        .where('thread', '=', thread)
        .orderBy('posted_at')
        .orderBy('number')
        .execute();
      return rows.map(toLine);
    },
    firsts: async (threads) => {
      const rows = await query
        .selectFrom('postings')
        .distinctOn('thread')
        .select(['thread', 'message_id'])
        .where('thread', '=', sql<number>`ANY(${[...threads]}::bigint[])`)
        .orderBy('thread')
        .orderBy('posted_at')
        .orderBy('number')
        .execute();
      return new Map(rows.map((row) => [row.thread, row.message_id as MessageId]));
    },
    postings: async (numbers) => {
      const rows = await whole()
        .where('postings.number', '=', sql<number>`ANY(${[...numbers]}::bigint[])`)
        .execute();
      const found = new Map(rows.map((row) => [row.number, toPosting(row)]));
      return numbers.flatMap((number) => found.get(number) ?? []);
    },
    threads: async (list, limit, after) => {
      const rows = await query
        .selectFrom('threads')
        .selectAll()
        .where('list', '=', list)
        .where(older('last_at', 'number', after))
        .orderBy('last_at', 'desc')
        .orderBy('number', 'desc')
        .limit(limit)
        .execute();
      return rows.map(toThread);
    },
    newest: async (list, limit, after) => {
      const rows = await latestFirst(query, after).where('list', '=', list).limit(limit).execute();
      return rows.map(toLine);
    },
    within: async (list, { from, to }: Stretch, limit, after) => {
      const rows = await selectLines(query)
        .where('list', '=', list)
        .where('posted_at', '>=', toDate(from))
        .where('posted_at', '<', toDate(to))
        .where(newer(after))
        .orderBy('posted_at')
        .orderBy('number')
        .limit(limit)
        .execute();
      return rows.map(toLine);
    },
    byAuthor: async (list, address, limit, after) => {
      const rows = await latestFirst(query, after)
        .where('list', '=', list)
        .where('author_address', '=', address)
        .limit(limit)
        .execute();
      return rows.map(toLine);
    },
    mentions: async (cveId, limit) => {
      const rows = await selectLines(query)
        .innerJoin('cve_mentions', 'cve_mentions.number', 'postings.number')
        .where('cve_id', '=', cveId)
        .orderBy('cve_mentions.posted_at')
        .orderBy('cve_mentions.number')
        .limit(limit)
        .execute();
      return rows.map(toLine);
    },
    search: (list, asked, page) => searchPostings(query, list, asked, page),
  };
}

function latestFirst(query: Kysely<PublicTables>, after: Place | undefined) {
  return selectLines(query)
    .where(older('posted_at', 'number', after))
    .orderBy('posted_at', 'desc')
    .orderBy('number', 'desc');
}

/** As a row comparison, which an index on both can begin at. */
function older(time: 'last_at' | 'posted_at', number: 'number', after: Place | undefined) {
  if (!after) return sql<boolean>`true`;
  return sql<boolean>`(${sql.ref(time)}, ${sql.ref(number)}) < (${toDate(after.at)}, ${after.number}::bigint)`;
}

function newer(after: Place | undefined) {
  if (!after) return sql<boolean>`true`;
  return sql<boolean>`(posted_at, number) > (${toDate(after.at)}, ${after.number}::bigint)`;
}
