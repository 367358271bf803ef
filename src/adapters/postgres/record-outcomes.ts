import { sql } from 'kysely';
import type { DeliveryOutcome } from '../../message/ports.ts';
import type { Connection } from './connection.ts';
import { type Gather, gather } from './gather.ts';
import { toDate } from './row-shapes.ts';
import type { PrivateTables } from './tables.ts';

export type RecordedOutcome = Readonly<{ rowId: string; outcome: DeliveryOutcome }>;

/** Resolves once the outcome is committed (I1). Each lane of a sender waits for its own before its next mail. */
export type RecordOutcome = Gather<RecordedOutcome, void>;

const outcomesPerStatement = 100;

/** Lanes that end together share a commit, and its fsync. */
export function recordOutcomes({ query }: Connection<PrivateTables>): RecordOutcome {
  return gather(async (outcomes: readonly RecordedOutcome[]) => {
    const column = <T>(pick: (one: RecordedOutcome) => T) => outcomes.map(pick);
    await sql`insert into deliveries (outbox_id, at, kind, code, reason, next_at)
      select * from unnest(
        ${column(({ rowId }) => rowId)}::text[],
        ${column(({ outcome }) => toDate(outcome.at))}::timestamptz[],
        ${column(({ outcome }) => outcome.kind)}::delivery_kind[],
        ${column(({ outcome }) => outcome.code)}::integer[],
        ${column(({ outcome }) => outcome.reason)}::text[],
        ${column(({ outcome }) => (outcome.nextAt === undefined ? null : toDate(outcome.nextAt)))}::timestamptz[]
      )`.execute(query);
    return outcomes.map(() => undefined);
  }, outcomesPerStatement);
}
