/** Rows of the archive as the domain's values. */
import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import type { MessageId } from '../../../mail/letter-head.ts';
import type { Place } from '../../../publication/archive/archive-port.ts';
import type { PostingLine, ShownPart, ThreadLine } from '../../../publication/archive/posting.ts';
import type { SearchQuery } from '../../../publication/archive/search-query.ts';
import { formatInstant } from '../../../time/instant.ts';
import { toDate, toInstant } from '../row-shapes.ts';
import type { PublicTables } from '../tables.ts';

export function selectLines(query: Kysely<PublicTables>) {
  return (
    query
      .selectFrom('postings')
      .select([
        'postings.number',
        'postings.list',
        'postings.message_id',
        'postings.posted_at',
        'postings.day_number',
        'postings.thread',
        'postings.subject',
        'postings.author_name',
        'postings.author_address',
        'postings.has_patch',
        'postings.size',
      ])
      // No id has a blank; the driver reads an array character by character.
      .select(sql<string>`array_to_string(postings.answers, ' ')`.as('answers'))
  );
}

type LineRow = Awaited<ReturnType<ReturnType<typeof selectLines>['execute']>>[number];

export function toLine(row: LineRow): PostingLine {
  const postedAt = toInstant(row.posted_at);
  return {
    list: row.list,
    number: row.number,
    id: row.message_id as MessageId,
    postedAt,
    // `day` is that of `posted_at`, in UTC, as it was when it got its number.
    day: formatInstant(postedAt).slice(0, 10),
    dayNumber: row.day_number,
    thread: row.thread,
    subject: row.subject,
    authorName: row.author_name ?? undefined,
    authorAddress: row.author_address ?? undefined,
    answers: row.answers === '' ? [] : row.answers.split(' ').map((id) => id as MessageId),
    hasPatch: row.has_patch,
    size: row.size,
  };
}

export function toThread(
  row: Readonly<{
    number: number;
    first: string;
    author_name: string | null;
    author_address: string | null;
    list: string;
    subject: string;
    started_at: Date;
    last_at: Date;
    postings: number;
  }>,
): ThreadLine {
  const { number, list, subject, postings } = row;
  return {
    number,
    list,
    subject,
    postings,
    first: row.first as MessageId,
    authorName: row.author_name ?? undefined,
    authorAddress: row.author_address ?? undefined,
    startedAt: toInstant(row.started_at),
    lastAt: toInstant(row.last_at),
  };
}

const shownParts = z.array(
  z.object({
    number: z.number(),
    type: z.string(),
    name: z.string().optional(),
    size: z.number(),
    text: z.string().optional(),
    fromHtml: z.boolean(),
  }),
);

export function toParts(text: string): readonly ShownPart[] {
  return shownParts.parse(JSON.parse(text)).map(({ number, type, name, size, text: shown, fromHtml }) => ({
    number,
    type,
    name,
    size,
    text: shown,
    fromHtml,
  }));
}

/** As a row comparison, which an index on both can begin at. */
export function older(time: 'last_at' | 'posted_at', number: 'number', after: Place | undefined) {
  if (!after) return sql<boolean>`true`;
  return sql<boolean>`(${sql.ref(time)}, ${sql.ref(number)}) < (${toDate(after.at)}, ${after.number}::bigint)`;
}

/** A span that a search names. */
export function withinSpan({ after, before }: Pick<SearchQuery, 'after' | 'before'>) {
  const from = after === undefined ? sql`true` : sql`posted_at >= ${toDate(after)}`;
  const to = before === undefined ? sql`true` : sql`posted_at < ${toDate(before)}`;
  return sql<boolean>`${from} AND ${to}`;
}
