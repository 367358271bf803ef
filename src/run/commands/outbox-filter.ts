import type { ListedOutboxRow } from '../../adapters/postgres/operator-reads.ts';
import type { OutboxState } from '../../message/outbox-state.ts';
import type { Duration, Instant } from '../../time/instant.ts';

export type OutboxStateName = OutboxState;

/** What needs somebody stands first. */
export const outboxStates: readonly OutboxStateName[] = [
  'failed',
  'held',
  'uncertain',
  'stopped',
  'parked',
  'deferred',
  'queued',
  'sent',
  'cancelled',
];

/** Conditions that a row meets all of; one that is undefined is met by every row. */
export type OutboxFilter = Readonly<{
  states: readonly OutboxStateName[] | undefined;
  /** Part of the recipient's address, whatever its case. */
  to: string | undefined;
  caseNumber: string | undefined;
  olderThan: Duration | undefined;
}>;

export function filterOutbox(
  rows: readonly ListedOutboxRow[],
  { states, to, caseNumber, olderThan }: OutboxFilter,
  now: Instant,
): readonly ListedOutboxRow[] {
  return rows.filter(
    (row) =>
      (states?.includes(row.state) ?? true) &&
      (to === undefined || row.recipient.toLowerCase().includes(to.toLowerCase())) &&
      (caseNumber === undefined || row.caseNumber === caseNumber) &&
      (olderThan === undefined || now - row.createdAt > olderThan),
  );
}

/** No condition at all: a slip of the hand must not mean everything. */
export function isEmptyFilter(filter: OutboxFilter): boolean {
  return Object.values(filter).every((condition) => condition === undefined);
}
