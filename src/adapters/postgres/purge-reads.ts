/** What a purge would find (K6). */
import type { Kysely } from 'kysely';
import { purgeableKinds } from '../../message/journal/may-be-purged.ts';
import type { Epoch, Purgeable } from '../../message/ports.ts';
import type { Instant } from '../../time/instant.ts';
import { asEpoch, toDate } from './row-shapes.ts';
import type { PrivateTables } from './tables.ts';

type Query = Kysely<PrivateTables>;

export async function purgeable(
  query: Query,
  cases: readonly string[],
  mails: readonly string[],
): Promise<Purgeable> {
  const details = cases.length === 0 ? [] : await detailsOf(query, cases);
  const copies =
    cases.length === 0
      ? []
      : await query
          .selectFrom('outbox')
          .select(['id', 'reader_id', 'state'])
          .where('case_number', 'in', cases)
          .execute();
  const homes =
    cases.length === 0
      ? []
      : await query
          .selectFrom('home_keys')
          .innerJoin('bodies', 'bodies.id', 'home_keys.body_id')
          .select('home_keys.epoch')
          .distinct()
          .where('bodies.case_number', 'in', cases)
          .execute();
  const inbox =
    mails.length === 0
      ? []
      : await query.selectFrom('inbox').select('epoch').distinct().where('id', 'in', mails).execute();
  return {
    details: details.map((row) => row.sequence),
    readers: [...new Set(copies.flatMap((row) => (row.reader_id === null ? [] : [row.reader_id])))],
    outbox: copies.map((row) => row.id),
    epochs: [...new Set([...details, ...homes, ...inbox].map((row) => row.epoch))].map(asEpoch),
    unsettled: copies.filter((row) => row.state === 'queued' || row.state === 'deferred').length,
  };
}

function detailsOf(query: Query, cases: readonly string[]) {
  return query
    .selectFrom('details')
    .innerJoin('journal', 'journal.sequence', 'details.sequence')
    .select(['details.sequence', 'details.epoch'])
    .where('journal.subject', 'in', cases)
    .where('journal.kind', 'in', [...purgeableKinds])
    .orderBy('details.sequence')
    .execute();
}

export async function settledMail(query: Query, before: Instant): Promise<readonly string[]> {
  const rows = await query
    .selectFrom('inbox')
    .select('id')
    .where('state', 'in', ['judged', 'refused'])
    .where('received_at', '<', toDate(before))
    .orderBy('received_at')
    .execute();
  return rows.map((row) => row.id);
}

export async function epochsInUse(query: Query): Promise<readonly Epoch[]> {
  const rows = await query
    .selectFrom('details')
    .select('epoch')
    .union(query.selectFrom('home_keys').select('epoch'))
    .union(query.selectFrom('inbox').select('epoch'))
    .union(query.selectFrom('doors').select('epoch'))
    .execute();
  return rows.map((row) => asEpoch(row.epoch));
}
