/**
 * Puts postings into a list's archive: raw mail, what is shown, the words, the thread. One transaction, one writer at a
 * time for each list. The same mail twice is one posting; another mail under a known Message-ID is kept under a made-up one.
 */
import { type Kysely, sql, type Transaction } from 'kysely';
import { indexWords } from '../../../publication/archive/index-words.ts';
import { madeUpId } from '../../../publication/archive/made-up-id.ts';
import type { NewPosting, Taken } from '../../../publication/archive/posting.ts';
import { formatInstant, type Instant } from '../../../time/instant.ts';
import { toDate } from '../row-shapes.ts';
import type { PublicTables } from '../tables.ts';
import { countPostings } from './count-postings.ts';
import { writeThreads } from './write-threads.ts';
import { writeWords } from './write-words.ts';

type Writing = Transaction<PublicTables>;

/** How each was taken, in order. All belong to `list`. */
export function addPostings(
  query: Kysely<PublicTables>,
  given: Readonly<{ list: string; postings: readonly NewPosting[]; now: Instant }>,
): Promise<readonly Taken[]> {
  return query.transaction().execute(async (transaction) => {
    await lockArchive(transaction, given.list, given.now);
    const { taken, fresh } = await tellKnown(transaction, given);
    if (fresh.length === 0) return taken;
    const days = await lastOfDays(transaction, given.list, fresh);
    const threads = await writeThreads(transaction, given.list, fresh);
    const rows = fresh.map((posting) => rowOf(posting, nextOf(days, dayOf(posting)), threads(posting.id)));
    const written = await transaction
      .insertInto('postings')
      .values(rows)
      .returning(['number', 'message_id'])
      .execute();
    const numbers = new Map(written.map((row) => [row.message_id, row.number]));
    await writeContents(
      transaction,
      fresh.map((posting) => ({ posting, number: numbers.get(posting.id) ?? 0 })),
    );
    await countPostings(transaction, given.list, fresh, given.now);
    return taken;
  });
}

/** Also what is unchanged is written, so that the row is locked, the first time too. */
async function lockArchive(transaction: Writing, list: string, now: Instant): Promise<void> {
  await transaction
    .insertInto('archives')
    .values({ list, postings: 0, changed_at: toDate(now) })
    .onConflict((conflict) =>
      conflict.column('list').doUpdateSet(({ ref }) => ({ postings: ref('archives.postings') })),
    )
    .execute();
}

/** Which of them the archive has; the others under the id that they will have. */
async function tellKnown(
  transaction: Writing,
  { list, postings }: Readonly<{ list: string; postings: readonly NewPosting[] }>,
): Promise<Readonly<{ taken: readonly Taken[]; fresh: readonly NewPosting[] }>> {
  const ids = postings.flatMap(({ id, digest }) => [id, madeUpId(digest)]);
  const rows = await transaction
    .selectFrom('postings')
    .select(['message_id', 'digest'])
    .where('list', '=', list)
    .where('message_id', '=', sql<string>`ANY(${ids})`)
    .execute();
  const digests = new Map(rows.map((row) => [row.message_id, row.digest]));
  const fresh: NewPosting[] = [];
  const taken = postings.map((posting): Taken => {
    const own = digests.get(posting.id);
    const id = own && !own.equals(posting.digest) ? madeUpId(posting.digest) : posting.id;
    if (digests.has(id)) return { kind: 'known', id };
    digests.set(id, Buffer.from(posting.digest));
    fresh.push({ ...posting, id });
    return { kind: id === posting.id ? 'added' : 'renamed', id };
  });
  return { taken, fresh };
}

async function lastOfDays(
  transaction: Writing,
  list: string,
  postings: readonly NewPosting[],
): Promise<Map<string, number>> {
  const days = [...new Set(postings.map(dayOf))];
  const rows = await transaction
    .selectFrom('postings')
    .select([sql<string>`to_char(day, 'YYYY-MM-DD')`.as('day'), ({ fn }) => fn.max('day_number').as('last')])
    .where('list', '=', list)
    .where('day', '=', sql<Date>`ANY(${days}::date[])`)
    .groupBy('day')
    .execute();
  return new Map(rows.map((row) => [row.day, row.last]));
}

function nextOf(days: Map<string, number>, day: string): number {
  const next = (days.get(day) ?? 0) + 1;
  days.set(day, next);
  return next;
}

function dayOf({ postedAt }: NewPosting): string {
  return formatInstant(postedAt).slice(0, 10);
}

function rowOf(posting: NewPosting, dayNumber: number, thread: number) {
  return {
    list: posting.list,
    message_id: posting.id,
    digest: posting.digest,
    posted_at: toDate(posting.postedAt),
    day: dayOf(posting),
    day_number: dayNumber,
    thread,
    subject: withoutNul(posting.subject),
    author_name: posting.authorName === undefined ? null : withoutNul(posting.authorName),
    author_address: posting.authorAddress ?? null,
    answers: [...posting.answers],
    size: posting.raw.length,
    has_patch: posting.hasPatch,
  };
}

type Numbered = Readonly<{ number: number; posting: NewPosting }>;

async function writeContents(transaction: Writing, numbered: readonly Numbered[]): Promise<void> {
  await transaction
    .insertInto('posting_raws')
    .values(numbered.map(({ number, posting }) => ({ number, raw: posting.raw })))
    .execute();
  await transaction
    .insertInto('posting_texts')
    .values(
      numbered.map(({ number, posting }) => ({
        number,
        posted_at: toDate(posting.postedAt),
        // JSON writes a NUL as six characters, which PostgreSQL's text can hold.
        parts: JSON.stringify(posting.parts),
        words: writeWords(indexWords(posting)),
      })),
    )
    .execute();
  const mentions = numbered.flatMap(({ number, posting }) =>
    posting.cveIds.map((id) => ({ id, at: toDate(posting.postedAt), number })),
  );
  // As three arrays: a batch may name a hundred thousand, and a statement has 65,535 parameters.
  await sql`INSERT INTO cve_mentions (cve_id, posted_at, number) SELECT * FROM unnest(
      ${mentions.map(({ id }) => id)}::text[], ${mentions.map(({ at }) => at)}::timestamptz[],
      ${mentions.map(({ number }) => number)}::bigint[])`.execute(transaction);
}

/** PostgreSQL's text cannot hold one; the raw mail keeps it. */
function withoutNul(text: string): string {
  return text.replaceAll('\0', '');
}
