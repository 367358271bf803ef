import { sql, type Transaction } from 'kysely';
import type { MessageId } from '../../../mail/letter-head.ts';
import { assignThreads } from '../../../publication/archive/assign-threads.ts';
import type { NewPosting } from '../../../publication/archive/posting.ts';
import { toDate } from '../row-shapes.ts';
import type { PublicTables } from '../tables.ts';

type Writing = Transaction<PublicTables>;

/** Gives each posting its thread, makes those that are new, joins those that turn out to be one; the rows tell the rest. */
export async function writeThreads(
  transaction: Writing,
  list: string,
  postings: readonly NewPosting[],
): Promise<(id: MessageId) => number> {
  const ids = [...new Set(postings.flatMap(({ id, answers }) => [id, ...answers]))];
  const rows = await transaction
    .selectFrom('thread_ids')
    .select(['message_id', 'thread'])
    .where('list', '=', list)
    .where('message_id', '=', sql<string>`ANY(${ids})`)
    .execute();
  const known = new Map(rows.map((row) => [row.message_id as MessageId, row.thread]));
  const { threads, merged } = assignThreads(postings, known);
  await joinThreads(transaction, merged);
  const made = await makeThreads(transaction, list, postings, threads);
  const threadOf = (id: MessageId) => made.get(threads.get(id) ?? 0) ?? threads.get(id) ?? 0;
  await transaction
    .insertInto('thread_ids')
    .values(ids.map((id) => ({ list, message_id: id, thread: threadOf(id) })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await touchThreads(transaction, postings, threadOf);
  return threadOf;
}

/** A row for each new thread; its negative name becomes its number. */
async function makeThreads(
  transaction: Writing,
  list: string,
  postings: readonly NewPosting[],
  threads: ReadonlyMap<MessageId, number>,
): Promise<ReadonlyMap<number, number>> {
  const firsts = new Map<number, NewPosting>();
  for (const posting of postings) {
    const thread = threads.get(posting.id) ?? 0;
    if (thread < 0 && !firsts.has(thread)) firsts.set(thread, posting);
  }
  const made = new Map<number, number>();
  // One by one: in what order an INSERT of several rows returns them is promised nowhere.
  for (const [name, first] of firsts) {
    const row = await transaction
      .insertInto('threads')
      .values(emptyThread(list, first))
      .returning('number')
      .executeTakeFirstOrThrow();
    made.set(name, row.number);
  }
  return made;
}

function emptyThread(list: string, { subject, postedAt }: NewPosting) {
  const at = toDate(postedAt);
  return { list, subject: subject.replaceAll('\0', ''), started_at: at, last_at: at, postings: 0 };
}

async function joinThreads(transaction: Writing, merged: ReadonlyMap<number, number>): Promise<void> {
  for (const [from, into] of merged) {
    await transaction.updateTable('postings').set({ thread: into }).where('thread', '=', from).execute();
    await transaction.updateTable('thread_ids').set({ thread: into }).where('thread', '=', from).execute();
    await sql`UPDATE threads SET postings = threads.postings + gone.postings,
        subject = CASE WHEN gone.started_at < threads.started_at THEN gone.subject ELSE threads.subject END,
        started_at = least(threads.started_at, gone.started_at), last_at = greatest(threads.last_at, gone.last_at)
      FROM threads AS gone WHERE threads.number = ${into} AND gone.number = ${from}`.execute(transaction);
    await transaction.deleteFrom('threads').where('number', '=', from).execute();
  }
}

/** The thread is named after its earliest posting, however late that comes. */
async function touchThreads(
  transaction: Writing,
  postings: readonly NewPosting[],
  threadOf: (id: MessageId) => number,
): Promise<void> {
  const groups = Map.groupBy(postings, ({ id }) => threadOf(id));
  const touched = [...groups].map(([thread, of]) => {
    const sorted = of.toSorted((left, right) => left.postedAt - right.postedAt);
    const [first] = sorted;
    const last = sorted.at(-1);
    return { thread, count: of.length, first, last };
  });
  await sql`UPDATE threads SET postings = postings + new.count,
      subject = CASE WHEN new.first < started_at THEN new.subject ELSE threads.subject END,
      started_at = least(started_at, new.first), last_at = greatest(last_at, new.last)
    FROM unnest(${touched.map(({ thread }) => thread)}::bigint[], ${touched.map(({ count }) => count)}::int[],
      ${touched.map(({ first }) => first && toDate(first.postedAt))}::timestamptz[],
      ${touched.map(({ last }) => last && toDate(last.postedAt))}::timestamptz[],
      ${touched.map(({ first }) => first?.subject.replaceAll('\0', ''))}::text[])
      AS new (thread, count, first, last, subject)
    WHERE threads.number = new.thread`.execute(transaction);
}
