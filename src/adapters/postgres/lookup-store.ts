/** Sender's side of the look-ups in key directories: whose turn it is, and a place for each answer that it cannot read. */
import type { PoolConfig } from 'pg';
import type { LookUpStore } from '../../message/look-up/key-lookup.ts';
import { openConnection } from './connection.ts';
import { asAddress, toDate, toInstant } from './row-shapes.ts';
import type { PrivateTables } from './tables.ts';

export type OpenLookUpStore = LookUpStore & Readonly<{ close: () => Promise<void> }>;

export function openLookUpStore(config: PoolConfig): OpenLookUpStore {
  const connection = openConnection<PrivateTables>({ ...config, max: 1 });
  const { query } = connection;
  return {
    rows: async () => {
      const rows = await query
        .selectFrom('key_lookups')
        .select(['reader_id', 'address', 'asked_at'])
        .execute();
      return rows.map(({ reader_id, address, asked_at }) => ({
        readerId: reader_id,
        address: asAddress(address),
        askedAt: toInstant(asked_at),
      }));
    },
    take: async ({ readerId, askedAt }, now) => {
      const taken = await query
        .updateTable('key_lookups')
        .set({ asked_at: toDate(now) })
        .where('reader_id', '=', readerId)
        .where('asked_at', '=', toDate(askedAt))
        .executeTakeFirst();
      return taken.numUpdatedRows === 1n;
    },
    answer: async ({ readerId, takenAt }, answer, now) => {
      await query
        .updateTable('key_lookups')
        .set({
          answered_at: toDate(now),
          said: answer.kind,
          certificate: answer.kind === 'found' ? answer.bytes : null,
        })
        .where('reader_id', '=', readerId)
        .where('asked_at', '=', toDate(takenAt))
        .execute();
    },
    close: connection.close,
  };
}
