/** What intake and sender need from the outside; neither reaches the keyholder's ports or keys. */
import type { Instant } from '../time/instant.ts';
import type { Alignment, DeliveryOutcome, DoorRow, InboxRow, OutboxRow, Permit, ReaderRow } from './ports.ts';

/** Intake's side of the two databases: it inserts and reads the doors, nothing else. */
export type InboxStore = Readonly<{
  /** Resolves after the commit; throws when it did not happen (the peer then hears 4xx). */
  insertPrivate: (row: InboxRow) => Promise<void>;
  insertPublic: (
    row: Readonly<{
      id: string;
      receivedAt: Instant;
      lists: readonly string[];
      envelope: string;
      raw: Uint8Array;
    }>,
  ) => Promise<void>;
  doors: () => Promise<readonly DoorRow[]>;
}>;

/** Sender's side of the private outbox. */
export type OutboxStore = Readonly<{
  /**
   * Locks up to `limit` due rows (SKIP LOCKED) for the length of `work`. `record` commits one outcome at once, by
   * itself, so that a crash in mid batch repeats only what was in the peer's hands (I1). Returns how many rows it had.
   */
  withDueRows: (
    limit: number,
    now: Instant,
    work: (
      rows: readonly (OutboxRow & Readonly<{ attempts: number; createdAt: Instant }>)[],
      record: (rowId: string, outcome: DeliveryOutcome) => Promise<void>,
      /** False once the database connection is lost and another sender may hold the rows: then begin no more DATA. */
      stillHeld: () => boolean,
    ) => Promise<void>,
  ) => Promise<number>;
  bodyParts: (
    bodyId: string,
    alignment: Alignment,
  ) => Promise<Readonly<{ envelopeHead: Uint8Array; tail: Uint8Array; envelopeEnd: Uint8Array }> | undefined>;
  permit: (id: string) => Promise<Permit | undefined>;
  reader: (id: string) => Promise<ReaderRow | undefined>;
  waitForWork: (longest: number) => Promise<void>;
}>;
