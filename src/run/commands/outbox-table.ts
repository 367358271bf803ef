import type { ListedOutboxRow } from '../../adapters/postgres/operator-reads.ts';
import { formatInstant, type Instant } from '../../time/instant.ts';
import { table } from './table.ts';

const moment = (instant: Instant | undefined) => (instant === undefined ? null : formatInstant(instant));

export function outgoingTable(rows: readonly ListedOutboxRow[]): readonly string[] {
  const head = ['id', 'state', 'case', 'recipient', 'attempts', 'next'] as const;
  return table(
    head,
    rows.map((row) => ({
      id: row.id,
      state: row.state,
      case: row.caseNumber ?? '–',
      recipient: row.recipient,
      attempts: String(row.attempts),
      next: ['queued', 'deferred'].includes(row.state) ? formatInstant(row.nextAt) : '–',
    })),
  );
}

export function outgoingData(row: ListedOutboxRow) {
  const { id, list, recipient, state, kind, attempts } = row;
  return {
    id,
    list,
    recipient,
    state,
    kind,
    attempts,
    case: row.caseNumber ?? null,
    template: row.template ?? null,
    created: formatInstant(row.createdAt),
    next: formatInstant(row.nextAt),
    settled: moment(row.settledAt),
  };
}
