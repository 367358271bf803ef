/**
 * What the operator's command line may see and do: clear columns, and requests whose content is sealed (P7).
 * It decides nothing: the keyholder carries out a request, or refuses it.
 */
import type { PoolConfig } from 'pg';
import type { CaseRow, JournalHead, ObligationRow } from '../../message/ports.ts';
import type { RequestRow } from '../../message/private-store-port.ts';
import type { Instant } from '../../time/instant.ts';
import { type ClearEntry, clearJournal, lastOf } from './clear-journal.ts';
import { openConnection } from './connection.ts';
import { journalHead } from './journal-reader.ts';
import { type Ending, obligationsAbout, openObligations } from './obligation-reads.ts';
import {
  caseRows,
  deliveriesOf,
  type HeldMail,
  heldMail,
  type ListedDelivery,
  type ListedOutboxRow,
  oneCase,
  outboxRows,
  overdueMail,
} from './operator-reads.ts';
import { askAndWait, type OperatorAnswer } from './operator-request.ts';
import type { PrivateTables } from './tables.ts';
import { openWake } from './wake.ts';

export type OperatorStore = Readonly<{
  held: () => Promise<readonly HeldMail[]>;
  /** Everything that has not been delivered or cancelled; with `all`, everything. */
  outbox: (filter: Readonly<{ all: boolean }>) => Promise<readonly ListedOutboxRow[]>;
  outboxRow: (id: string) => Promise<ListedOutboxRow | undefined>;
  deliveries: (outboxId: string) => Promise<readonly ListedDelivery[]>;
  cases: () => Promise<readonly CaseRow[]>;
  showCase: (number: string) => Promise<
    | Readonly<{
        row: CaseRow;
        outbox: readonly ListedOutboxRow[];
        obligations: readonly (ObligationRow & Ending)[];
      }>
    | undefined
  >;
  obligations: () => Promise<readonly ObligationRow[]>;
  journalHead: () => Promise<JournalHead>;
  journal: () => AsyncIterable<readonly ClearEntry[]>;
  /** Mail that should have been judged by now, and the earliest time that has passed. */
  overdueMail: () => Promise<Readonly<{ count: number; since: Instant | undefined }>>;
  /** When an event of one of these kinds was last journalled. */
  lastOf: (kinds: readonly string[]) => Promise<Instant | undefined>;
  /** Hands a signed, sealed request over and waits so many milliseconds at most for the keyholder's answer. */
  ask: (request: RequestRow, longest: number) => Promise<OperatorAnswer>;
  close: () => Promise<void>;
}>;

export function openOperatorStore(config: PoolConfig): OperatorStore {
  const connection = openConnection<PrivateTables>(config);
  const { query } = connection;
  const wake = openWake(config, 'embargod_operator');
  return {
    held: () => heldMail(query),
    outbox: ({ all }) => outboxRows(query, { all }),
    outboxRow: async (id) => (await outboxRows(query, { all: true, id }))[0],
    deliveries: (outboxId) => deliveriesOf(query, outboxId),
    cases: () => caseRows(query),
    showCase: async (number) => {
      const row = await oneCase(query, number);
      if (!row) return undefined;
      const [outbox, obligations] = await Promise.all([
        outboxRows(query, { all: true, caseNumber: number }),
        obligationsAbout(query, number),
      ]);
      return { row, outbox, obligations };
    },
    obligations: () => openObligations(query),
    journalHead: () => journalHead(query),
    journal: () => clearJournal(query),
    overdueMail: () => overdueMail(query),
    lastOf: (kinds) => lastOf(query, kinds),
    ask: (request, longest) => askAndWait({ query, wake, request, longest }),
    close: async () => {
      await wake.close();
      await connection.close();
    },
  };
}
