import type { Kysely } from 'kysely';
import type { DirectoryEntry } from '../../publication/directory-record.ts';
import type { ModerationReason } from '../../publication/moderation/moderation-reason.ts';
import type { Instant } from '../../time/instant.ts';
import { type Connection, withHeldConnection } from './connection.ts';
import { countAttempt, endAttempts, mostAttempts } from './public-attempts.ts';
import { toDate, toInstant } from './row-shapes.ts';
import type { PublicTables } from './tables.ts';

/** `mail`: as intake took it, hostile. `record`: the keyholder's finished JSON in `raw`; row security keeps them apart. */
export type PublicItem = Readonly<{
  id: string;
  kind: 'mail' | 'record';
  receivedAt: Instant;
  lists: readonly string[];
  envelope: string;
  raw: Uint8Array;
}>;

export type PublicDecision = Readonly<{
  state: 'held' | 'done' | 'refused';
  /** Why a moderator must look at it before it may be posted. */
  heldFor?: readonly ModerationReason[];
  /** The directory as a record of the keyholder states it, whole: lists that are not in it disappear. */
  directory?: readonly DirectoryEntry[];
}>;

export function withPublicItem(
  connection: Connection<PublicTables>,
  work: (item: PublicItem) => Promise<PublicDecision>,
): Promise<boolean> {
  return withHeldConnection(connection, (held) =>
    held.query.transaction().execute(async (transaction) => {
      const row = await transaction
        .selectFrom('inbox')
        .selectAll()
        .where('state', '=', 'waiting')
        .orderBy('received_at')
        .orderBy('id')
        .limit(1)
        .forUpdate()
        .skipLocked()
        .executeTakeFirst();
      if (!row) return false;
      const { id, kind, lists, envelope, raw } = row;
      const item = { id, kind, lists, envelope, raw, receivedAt: toInstant(row.received_at) };
      const decision = (await isGivenUp(connection, item)) ? givenUp : await work(item);
      if (decision.directory) await writeDirectory(transaction, decision.directory);
      await transaction
        .updateTable('inbox')
        .set({ state: decision.state, held_for: [...(decision.heldFor ?? [])] })
        .where('id', '=', id)
        .execute();
      await endAttempts(transaction, id);
      return true;
    }),
  );
}

const givenUp: PublicDecision = { state: 'held', heldFor: ['ended-its-reader'] };

/** Mail only: the keyholder's records are no stranger's, and one that is left out would be missing for ever. */
async function isGivenUp(connection: Connection<PublicTables>, { id, kind }: PublicItem): Promise<boolean> {
  return kind === 'mail' && (await countAttempt(connection, id)) > mostAttempts;
}

async function writeDirectory(
  query: Kysely<PublicTables>,
  entries: readonly DirectoryEntry[],
): Promise<void> {
  await query.deleteFrom('lists').execute();
  if (entries.length === 0) return;
  await query
    .insertInto('lists')
    .values(
      entries.map((entry) => ({
        ...entry,
        certificate: entry.certificate ?? null,
        since: toDate(entry.since),
      })),
    )
    .execute();
}
