/** Port: the keyholder's side of the private database, and the step that it commits as a whole. */

import type { Instant } from '../time/instant.ts';
import type { AnswerStore } from './look-up/key-lookup.ts';
import type {
  BodyRow,
  CaseRow,
  DeliveryOutcome,
  DoorRow,
  Epoch,
  EpochsEnd,
  InboxRow,
  InboxState,
  JournalEntry,
  JournalHead,
  ObligationRow,
  OutboxRow,
  ParkedReader,
  Permit,
  Purge,
  Purgeable,
  ReaderRow,
  Sealed,
  StoredEntry,
} from './ports.ts';
import type { UncertainRow } from './restore/uncertain-row.ts';

/** Everything that one decision of the keyholder changes, in one transaction, before anything leaves. */
export type Step = Readonly<{
  /** The journal as it was when the step was decided; another head means: read the tail and decide again. */
  after: JournalHead;
  entries: readonly JournalEntry[];
  inbox?: Readonly<{ id: string; state: InboxState }>;
  /** A held row that was passed (`waiting`: it is handled again) or refused by a person. */
  heldInbox?: Readonly<{ id: string; state: 'waiting' | 'refused' }>;
  request?: Readonly<{ id: string; state: 'done' | 'refused'; answer: Sealed }>;
  cases?: readonly CaseRow[];
  bodies?: readonly BodyRow[];
  permits?: readonly Permit[];
  outbox?: readonly OutboxRow[];
  /** Rows that get their late wrap, are passed or retried: id and what replaces them. */
  outboxUpdates?: readonly OutboxRow[];
  /** Failed or held rows whose trouble became an obligation in this step: `troubledDeliveries` tells of them no more. */
  outboxAcknowledged?: readonly string[];
  /** What becomes of every uncertain row (T6). Parked ones wait on when they are to be sent again. */
  uncertain?: 'cancel' | 'resend';
  readers?: readonly ReaderRow[];
  /** Readers whose queued copies are cancelled in this transaction (A6). */
  cancelFor?: readonly string[];
  doors?: readonly DoorRow[];
  obligationsOpened?: readonly ObligationRow[];
  obligationsSettled?: readonly Readonly<{ id: string; at: Instant; ending: string }>[];
  purge?: Purge;
  epochsEnd?: EpochsEnd;
}>;

export type CommitResult = 'committed' | 'behind';

/** A request of the operator (P7): signed with the operator key, sealed to the keyholder; the answer sealed back. */
export type RequestRow = Readonly<{ id: string; sealed: Sealed }>;

/** The keyholder's side of the private database. */
export type PrivateStore = Readonly<{
  /** Locks the oldest waiting row (SKIP LOCKED) for the length of `work`; undefined when none waits. */
  withInboxItem: <T>(
    work: (
      row: InboxRow & { attempts: number },
      commit: (step: Step) => Promise<CommitResult>,
      /** Takes the attempt back: what ended it was no fault of the mail. */
      excuse: () => Promise<void>,
    ) => Promise<T>,
  ) => Promise<T | undefined>;
  withRequest: <T>(
    work: (row: RequestRow, commit: (step: Step) => Promise<CommitResult>) => Promise<T>,
  ) => Promise<T | undefined>;
  commit: (step: Step) => Promise<CommitResult>;
  journalHead: () => Promise<JournalHead>;
  /** Entries with a sequence above `after`, in order, in pages. */
  journalTail: (after: number) => AsyncIterable<readonly StoredEntry[]>;
  body: (bodyId: string) => Promise<BodyRow | undefined>;
  parkedFor: (readerId: string) => Promise<readonly OutboxRow[]>;
  permit: (id: string) => Promise<Permit | undefined>;
  /** Readers who have parked rows, each once, by their oldest. */
  parkedReaders: () => Promise<readonly ParkedReader[]>;
  /** The storage epoch that each list's door names. */
  doorEpochs: () => Promise<ReadonlyMap<string, Epoch>>;
  /** Rows whose delivery failed or was held since, not yet turned into an obligation. */
  troubledDeliveries: () => Promise<readonly Readonly<{ row: OutboxRow; outcome: DeliveryOutcome }>[]>;
  /** The copy whose return path this is (R8). */
  outboxRowByReturnPath: (returnPath: string) => Promise<OutboxRow | undefined>;
  outboxRow: (id: string) => Promise<OutboxRow | undefined>;
  uncertainRows: () => Promise<readonly UncertainRow[]>;
  openCases: () => Promise<readonly CaseRow[]>;
  openObligations: () => Promise<readonly ObligationRow[]>;
  purgeable: (cases: readonly string[], mails: readonly string[]) => Promise<Purgeable>;
  /** Mail that was judged or refused, and came in before then. */
  settledMail: (before: Instant) => Promise<readonly string[]>;
  /** When the oldest mail came in that waits to be handled; undefined when none waits. */
  oldestWaiting: () => Promise<Instant | undefined>;
  answers: AnswerStore;
  /** Every epoch under which anything rests. */
  epochsInUse: () => Promise<readonly Epoch[]>;
  /** Resolves when there may be new work, or after the duration. */
  waitForWork: (longest: number) => Promise<void>;
}>;
