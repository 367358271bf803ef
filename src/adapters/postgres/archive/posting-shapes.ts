/** Rows of the archive as the domain's values. */
import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import type { MessageId } from '../../../mail/letter-head.ts';
import type { PostingLine, ShownPart, ThreadLine } from '../../../publication/archive/posting.ts';
import { toInstant } from '../row-shapes.ts';
import type { PublicTables } from '../tables.ts';

export function selectLines(query: Kysely<PublicTables>) {
  return query
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
      'postings.answers',
      'postings.has_patch',
      'postings.size',
    ])
    .select(sql<string>`to_char(postings.day, 'YYYY-MM-DD')`.as('day'));
}

type LineRow = Awaited<ReturnType<ReturnType<typeof selectLines>['execute']>>[number];

export function toLine(row: LineRow): PostingLine {
  return {
    list: row.list,
    number: row.number,
    id: row.message_id as MessageId,
    postedAt: toInstant(row.posted_at),
    day: row.day,
    dayNumber: row.day_number,
    thread: row.thread,
    subject: row.subject,
    authorName: row.author_name ?? undefined,
    authorAddress: row.author_address ?? undefined,
    answers: row.answers.map((id) => id as MessageId),
    hasPatch: row.has_patch,
  };
}

export function toThread(
  row: Readonly<{
    number: number;
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
  return shownParts
    .parse(JSON.parse(text))
    .map(({ name, text: shown, ...part }) => ({ ...part, name, text: shown }));
}
