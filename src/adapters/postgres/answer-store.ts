/** What key directories have said, for the keyholder: it says about whom, and reads each answer at its own pace. */
import { type Kysely, sql } from 'kysely';
import type { AnswerStore, LastAnswer } from '../../message/look-up/key-lookup.ts';
import { asAddress, toDate, toInstant } from './row-shapes.ts';
import type { PrivateTables } from './tables.ts';

export function answerStore(query: Kysely<PrivateTables>): AnswerStore {
  return {
    seek: async (people, now) => {
      const wanted = people.map(({ readerId }) => readerId);
      const rows = await query.selectFrom('key_lookups').select(['reader_id', 'address']).execute();
      const known = new Map(rows.map((row) => [row.reader_id, row.address]));
      const gone = rows.filter(({ reader_id }) => !wanted.includes(reader_id));
      // An address that changed is another question: its row begins anew.
      const fresh = people.filter(({ readerId, address }) => known.get(readerId) !== address);
      const ending = [...gone.map((row) => row.reader_id), ...fresh.map(({ readerId }) => readerId)];
      if (ending.length > 0)
        await query
          .deleteFrom('key_lookups')
          .where(sql<boolean>`reader_id = any(${ending}::text[])`)
          .execute();
      if (fresh.length > 0)
        await query
          .insertInto('key_lookups')
          .values(
            fresh.map(({ readerId, address }) => ({ reader_id: readerId, address, asked_at: toDate(now) })),
          )
          .onConflict((conflict) => conflict.doNothing())
          .execute();
    },
    unread: async (limit, notReadSince) => {
      const rows = await query
        .selectFrom('key_lookups')
        .select(['reader_id', 'certificate'])
        .where('certificate', 'is not', null)
        .where(
          sql<boolean>`(read_at IS NULL OR (read_at < answered_at AND read_at < ${toDate(notReadSince)}))`,
        )
        .orderBy(sql`read_at NULLS FIRST`)
        .orderBy('reader_id')
        .limit(limit)
        .execute();
      return rows.flatMap(({ reader_id, certificate }) =>
        certificate ? [{ readerId: reader_id, bytes: certificate }] : [],
      );
    },
    markRead: async (readerId, now) => {
      await query
        .updateTable('key_lookups')
        .set({ read_at: toDate(now) })
        .where('reader_id', '=', readerId)
        .execute();
    },
    lastAnswers: async () => {
      const rows = await query
        .selectFrom('key_lookups')
        .select(['reader_id', 'address', 'answered_at', 'said'])
        .execute();
      return rows.map(
        ({ reader_id, address, answered_at, said }): LastAnswer => ({
          readerId: reader_id,
          address: asAddress(address),
          said: answered_at && said ? { kind: said, at: toInstant(answered_at) } : undefined,
        }),
      );
    },
  };
}
