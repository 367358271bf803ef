import { type Kysely, sql } from 'kysely';
import type { OutboxState } from '../../message/outbox-state.ts';
import type { DeliveryOutcome } from '../../message/ports.ts';
import { type Instant, later, minute } from '../../time/instant.ts';
import { toDate } from './row-shapes.ts';
import type { PrivateTables } from './tables.ts';

/** For a deferral that names no time, so that the row is not tried in a circle. */
const laterWhenUnsaid = 15 * minute;

export type Settlement = Readonly<{
  state: OutboxState;
  attempts: number;
  nextAt: Instant | undefined;
  at: Instant;
}>;

type Facts = Readonly<{
  /** Outcomes that the row was settled by already. */
  settled: number;
  recorded: readonly DeliveryOutcome[];
  suspended: boolean;
  now: Instant;
}>;

/** What the recorded outcomes make of a row that is due; undefined when it may go out (again) now. */
export function settlementOf({ settled, recorded, suspended, now }: Facts): Settlement | undefined {
  const attempts = recorded.length;
  const sent = recorded.find((outcome) => outcome.kind === 'sent');
  // Once sent is sent for ever: whatever came after or was lost, the reader has it.
  if (sent) return { state: 'sent', attempts, nextAt: undefined, at: sent.at };
  if (suspended) return { state: 'cancelled', attempts, nextAt: undefined, at: now };
  const last = recorded.at(-1);
  if (!last || attempts === settled) return undefined;
  return {
    state: last.kind,
    attempts,
    nextAt: last.kind === 'deferred' ? (last.nextAt ?? later(last.at, laterWhenUnsaid)) : undefined,
    at: last.at,
  };
}

/** One statement for all rows that end alike: most of a batch does. */
export async function settleRows(
  query: Kysely<PrivateTables>,
  settlements: ReadonlyMap<string, Settlement>,
): Promise<void> {
  const alike = Map.groupBy(
    settlements,
    ([, { state, attempts, nextAt, at }]) =>
      `${state} ${attempts} ${nextAt} ${nextAt === undefined ? at : ''}`,
  );
  for (const group of alike.values()) {
    const settlement = group[0]?.[1];
    if (!settlement) continue;
    const { state, attempts, nextAt, at } = settlement;
    const when =
      nextAt === undefined ? { settled_at: toDate(at) } : { settled_at: null, next_at: toDate(nextAt) };
    await query
      .updateTable('outbox')
      .set({ state, attempts, ...when })
      .where(sql<boolean>`id = any(${group.map(([id]) => id)}::text[])`)
      .execute();
  }
}
