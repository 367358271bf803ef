import type { Kysely } from 'kysely';
import type { JournalHead, StoredEntry } from '../../message/ports.ts';
import { asEpoch, sealedBytes, toInstant } from './row-shapes.ts';
import type { PrivateTables } from './tables.ts';

const page = 500;

export async function journalHead(query: Kysely<PrivateTables>): Promise<JournalHead> {
  return query.selectFrom('journal_head').select(['generation', 'size', 'head']).executeTakeFirstOrThrow();
}

/** Entries with a sequence above `after`, in order, in pages; each page is a query of its own. */
export async function* journalTail(
  query: Kysely<PrivateTables>,
  after: number,
): AsyncIterable<readonly StoredEntry[]> {
  for (let last = after; ; ) {
    const rows = await query
      .selectFrom('journal')
      .leftJoin('details', 'details.sequence', 'journal.sequence')
      .select([
        'journal.sequence',
        'journal.at',
        'journal.kind',
        'journal.subject',
        'journal.commitment',
        'journal.head',
        'details.epoch',
        'details.sealed',
      ])
      .where('journal.sequence', '>', last)
      .orderBy('journal.sequence')
      .limit(page)
      .execute();
    if (rows.length > 0) {
      yield rows.map((row) => ({
        ...row,
        at: toInstant(row.at),
        subject: row.subject ?? undefined,
        epoch: row.epoch === null ? undefined : asEpoch(row.epoch),
        sealed: row.sealed === null ? undefined : sealedBytes(row.sealed),
      }));
    }
    const end = rows.at(-1);
    if (!end || rows.length < page) return;
    last = end.sequence;
  }
}
