import { codeOf, type Log } from '../adapters/log/log.ts';
import type { Deliver, DueRow } from '../message/deliver/deliver.ts';
import type { DeliveryOutcome } from '../message/ports.ts';
import type { DeliveryFigures } from './watch/delivery-figures.ts';

type Watch = Readonly<{
  log: Pick<Log, 'info' | 'warn' | 'error'>;
  figures?: DeliveryFigures | undefined;
}>;

/** Attack: a database that takes no outcomes for hours would fill our memory with them. */
const maximumUnrecorded = 10_000;

type Record = (rowId: string, outcome: DeliveryOutcome) => Promise<void>;

export type DeliverOnce = Readonly<{
  row: (row: DueRow, record: Record) => Promise<void>;
  /** Whether this row was sent, and only our memory knows. */
  remembers: (rowId: string) => boolean;
  /** How many such rows there are. */
  unrecorded: () => number;
}>;

/**
 * Delivers a row and records the outcome. What the database did not take is kept, so that the row is not sent a second
 * time when it comes again to this process: only a crash in this very moment repeats a mail (I1, window 1).
 */
export function deliverOnce(deliver: Deliver, { log, figures }: Watch): DeliverOnce {
  const unrecorded = new Map<string, DeliveryOutcome>();
  const underWay = new Map<string, Promise<void>>();
  const work = async (row: DueRow, record: Record) => {
    const outcome = unrecorded.get(row.id) ?? (await deliver(row));
    try {
      await record(row.id, outcome);
      unrecorded.delete(row.id);
      figures?.recorded(outcome, row.attempts);
      logOutcome(row, outcome, log);
    } catch (error) {
      if (outcome.kind === 'sent' && unrecorded.size < maximumUnrecorded) unrecorded.set(row.id, outcome);
      log.error('outcome-not-recorded', { id: row.id, code: codeOf(error) });
    }
  };
  const once: DeliverOnce['row'] = async (row, record) => {
    const before = underWay.get(row.id);
    // The database dropped the lock of a row that is still on the wire, and hands it out again: two would be sent.
    await before;
    // What was recorded meanwhile this batch has not read; the next one settles the row by it.
    if (before && !unrecorded.has(row.id)) return;
    const now = work(row, record).finally(() => underWay.delete(row.id));
    underWay.set(row.id, now);
    await now;
  };
  return { row: once, remembers: (id) => unrecorded.has(id), unrecorded: () => unrecorded.size };
}

function logOutcome(row: DueRow, outcome: DeliveryOutcome, log: Watch['log']): void {
  const fields = { id: row.id, list: row.list, code: `${outcome.code} ${outcome.reason}` };
  if (outcome.kind === 'held') log.error('delivery-held', fields);
  else if (outcome.kind === 'failed') log.warn('delivery-failed', fields);
  else if (outcome.kind === 'sent') log.info('delivery-sent', fields);
  else log.info('delivery-deferred', fields);
}
