/**
 * K6: what a purge takes out of the database, and what rested under the same keys wrapped anew, all in the step's own
 * transaction. The rows of the ended epochs are held from the beginning: mail that comes in meanwhile waits, and is then
 * refused by its foreign key, so that intake seals it again to the new key.
 */
import type { Kysely } from 'kysely';
import type { Epoch, EpochsEnd, Purge } from '../../message/ports.ts';
import { databaseProblem } from './database-problem.ts';
import { asEpoch, sealedBytes } from './row-shapes.ts';
import type { PrivateTables } from './tables.ts';

type Query = Kysely<PrivateTables>;

/** Rows wrapped at a time: what is in memory at once is a page of details, or one mail. */
const page = 500;

/** Before anything else of the step: `current` are the epochs of its doors. */
export async function holdEpochs(query: Query, ended: readonly Epoch[]): Promise<void> {
  if (ended.length === 0) return;
  await query.selectFrom('epochs').selectAll().where('epoch', 'in', ended).forUpdate().execute();
}

export async function purgeRows(query: Query, purge: Purge): Promise<void> {
  await inSlices(purge.cases, async (cases) => {
    const rows = query.selectFrom('outbox').select('id').where('case_number', 'in', cases);
    await query.deleteFrom('deliveries').where('outbox_id', 'in', rows).execute();
    const permits = await query
      .deleteFrom('outbox')
      .where('case_number', 'in', cases)
      .returning('permit_id')
      .execute();
    await inSlices([...new Set(permits.map((row) => row.permit_id))], async (ids) => {
      const stillNamed = query.selectFrom('outbox').select('permit_id').where('permit_id', 'in', ids);
      await query.deleteFrom('permits').where('id', 'in', ids).where('id', 'not in', stillNamed).execute();
    });
    // Tails and home packets go with their body.
    await query.deleteFrom('bodies').where('case_number', 'in', cases).execute();
    await query.updateTable('cases').set({ state: 'purged' }).where('number', 'in', cases).execute();
  });
  await inSlices(purge.readers, async (ids) => {
    await query.deleteFrom('readers').where('id', 'in', ids).execute();
  });
  await inSlices(purge.details, async (sequences) => {
    await query.deleteFrom('details').where('sequence', 'in', sequences).execute();
  });
  await inSlices(purge.inbox, async (ids) => {
    await query.deleteFrom('inbox_attempts').where('inbox_id', 'in', ids).execute();
    await query.deleteFrom('inbox').where('id', 'in', ids).execute();
  });
}

async function inSlices<T>(all: readonly T[], work: (slice: readonly T[]) => Promise<void>): Promise<void> {
  for (let start = 0; start < all.length; start += page) await work(all.slice(start, start + page));
}

/** After the purge, so that nothing is wrapped only to be deleted. The epochs' rows go last. */
export async function endEpochs(query: Query, end: EpochsEnd): Promise<void> {
  if (end.ended.length === 0) return;
  await rewrapDetails(query, end);
  await rewrapHomeKeys(query, end);
  await rewrapInbox(query, end);
  await query.deleteFrom('epochs').where('epoch', 'in', end.ended).execute();
}

async function rewrapDetails(query: Query, end: EpochsEnd): Promise<void> {
  for (;;) {
    const rows = await query
      .selectFrom('details')
      .selectAll()
      .where('epoch', 'in', end.ended)
      .orderBy('sequence')
      .limit(page)
      .execute();
    for (const { sequence, epoch, sealed } of rows) {
      const old = asEpoch(epoch);
      const fresh = await end.detail({ sequence, epoch: old, sealed: sealedBytes(sealed) });
      await query
        .updateTable('details')
        .set({ epoch: end.into(old), sealed: fresh })
        .where('sequence', '=', sequence)
        .execute();
    }
    if (rows.length < page) return;
  }
}

async function rewrapHomeKeys(query: Query, end: EpochsEnd): Promise<void> {
  for (;;) {
    const rows = await query
      .selectFrom('home_keys')
      .selectAll()
      .where('epoch', 'in', end.ended)
      .orderBy('body_id')
      .limit(page)
      .execute();
    for (const { body_id: bodyId, epoch, sealed } of rows) {
      const old = asEpoch(epoch);
      const fresh = await end.home({ bodyId, epoch: old, sealed: sealedBytes(sealed) });
      await query
        .updateTable('home_keys')
        .set({ epoch: end.into(old), sealed: fresh })
        .where('body_id', '=', bodyId)
        .execute();
    }
    if (rows.length < page) return;
  }
}

/** One at a time, as a mail may be 50 MB. */
async function rewrapInbox(query: Query, end: EpochsEnd): Promise<void> {
  const ids = await query.selectFrom('inbox').select('id').where('epoch', 'in', end.ended).execute();
  for (const { id } of ids) {
    const row = await query
      .selectFrom('inbox')
      .select(['lists', 'epoch', 'sealed'])
      .where('id', '=', id)
      .forNoKeyUpdate()
      .skipLocked()
      .executeTakeFirst();
    // Whoever holds it waits for the journal, which this step holds: waiting for them would never end.
    if (!row)
      throw databaseProblem(
        'inbox-row-busy',
        'A mail is being handled at this moment. Nothing was changed; give the command again.',
      );
    const old = asEpoch(row.epoch);
    const fresh = await end.inbox({ list: row.lists[0] ?? '', epoch: old, sealed: sealedBytes(row.sealed) });
    await query
      .updateTable('inbox')
      .set({ epoch: end.into(old), ...(fresh ? { sealed: fresh } : {}) })
      .where('id', '=', id)
      .execute();
  }
}
