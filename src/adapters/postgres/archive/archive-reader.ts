/** Reads the archive for its pages, with the rights of `public-site`. */
import { type Kysely, sql } from 'kysely';
import type { ArchiveReader, Place, Stretch } from '../../../publication/archive/archive-port.ts';
import type { Posting } from '../../../publication/archive/posting.ts';
import { toDate, toInstant } from '../row-shapes.ts';
import type { PublicTables } from '../tables.ts';
import { pageStatements } from './page-statements.ts';
import { older, selectLines, toLine, toParts, toThread } from './posting-shapes.ts';
import { searchPostings } from './search-postings.ts';

export function archiveReader(query: Kysely<PublicTables>): ArchiveReader {
  const statements = pageStatements(query);
  const toPosting = (row: Parameters<typeof toLine>[0] & Readonly<{ parts: string }>): Posting => ({
    ...toLine(row),
    parts: toParts(row.parts),
  });
  return {
    state: async (list) => {
      const [row] = await statements.state(list);
      return row && { postings: row.postings, changedAt: toInstant(row.changed_at), stamp: row.stamp };
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
      const [row] = await statements.posting(list, id);
      return row && toPosting(row);
    },
    withThread: async (list, id) => {
      const rows = await statements.withThread(list, id);
      const [posting] = rows.flatMap(({ parts, ...row }) =>
        parts === null ? [] : [toPosting({ ...row, parts })],
      );
      return posting && { posting, thread: rows.map(toLine) };
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
    rawOf: async (list, id) => (await statements.rawOf(list, id))[0]?.raw,
    thread: async (thread) => {
      const rows = await selectLines(query)
        .where('thread', '=', thread)
        .orderBy('posted_at')
        .orderBy('number')
        .execute();
      return rows.map(toLine);
    },
    postings: async (lines) => {
      const rows = await statements.parts(lines.map(({ number }) => number));
      const parts = new Map(rows.map((row) => [row.number, row.parts]));
      return lines.flatMap((line) => {
        const text = parts.get(line.number);
        return text === undefined ? [] : [{ ...line, parts: toParts(text) }];
      });
    },
    threads: async (list, limit, after) => {
      const rows = await query
        .selectFrom('threads')
        .selectAll()
        // One step into the index for each, however long the thread is.
        .innerJoinLateral(
          (from) =>
            from
              .selectFrom('postings')
              .select(['message_id as first', 'author_name', 'author_address'])
              .whereRef('thread', '=', 'threads.number')
              .orderBy('posted_at')
              .orderBy('number')
              .limit(1)
              .as('beginning'),
          (join) => join.onTrue(),
        )
        .select(['first', 'author_name', 'author_address'])
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

function newer(after: Place | undefined) {
  if (!after) return sql<boolean>`true`;
  return sql<boolean>`(posted_at, number) > (${toDate(after.at)}, ${after.number}::bigint)`;
}
