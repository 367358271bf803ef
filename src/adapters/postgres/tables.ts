/** The tables as kysely sees them; `migrations/` is the truth, and the rights test meets every column of both. */
import type { ColumnType, Generated } from 'kysely';
import type { DirectoryAnswer } from '../../message/look-up/key-lookup.ts';
import type { OutboxState } from '../../message/outbox-state.ts';
import type { CaseRow, DeliveryOutcome, InboxState, OutboxContent, ReaderRow } from '../../message/ports.ts';
import type { ArchiveTables } from './archive/archive-tables.ts';
import type { ModerationTables } from './moderation-tables.ts';

/** `bytea`: pg takes a view without copying it, and gives a Buffer. */
type Bytes = ColumnType<Buffer, Uint8Array, Uint8Array>;
/** `bigint`: our numbers stay far below 2^53, so `openPool` reads them as numbers. */
type Whole = ColumnType<number, number, number>;

type InboxTable = {
  id: string;
  received_at: Date;
  lists: ColumnType<string[], readonly string[], never>;
  epoch: string;
  size_class: number;
  sealed: Bytes;
  state: Generated<InboxState>;
  owner: Generated<string>;
  judge_by: Generated<Date>;
};

type OutboxTable = {
  id: string;
  list: string;
  case_number: string | null;
  recipient: string;
  return_path: string;
  state: OutboxState;
  permit_id: string;
  kind: OutboxContent['kind'];
  body_id: string | null;
  reader_id: string | null;
  key_ids: ColumnType<string[] | null, readonly string[] | null, readonly string[] | null>;
  head: ColumnType<Buffer | null, Uint8Array | null, Uint8Array | null>;
  alignment: number | null;
  checksum: string | null;
  template: string | null;
  parameters: ColumnType<Readonly<Record<string, string>> | null, string | null, string | null>;
  message_id: string | null;
  sealed: ColumnType<Buffer | null, Uint8Array | null, Uint8Array | null>;
  attempts: Generated<number>;
  created_at: Date;
  next_at: Date;
  settled_at: Date | null;
  acknowledged_at: Date | null;
};

export type PrivateTables = {
  epochs: { epoch: string };
  inbox: InboxTable;
  inbox_attempts: { inbox_id: string; attempts: number };
  journal_head: { only_row: Generated<boolean>; generation: number; size: Whole; head: Bytes };
  journal: {
    sequence: Whole;
    at: Date;
    kind: string;
    subject: string | null;
    commitment: Bytes;
    head: Bytes;
  };
  details: { sequence: Whole; epoch: string; sealed: Bytes };
  cases: { number: string; list: string; opened_at: Date; state: CaseRow['state'] };
  bodies: {
    id: string;
    list: string;
    case_number: string | null;
    message_id: string;
    envelope_head: Bytes;
    envelope_end: Bytes;
  };
  body_tails: { body_id: string; alignment: number; bytes: Bytes };
  home_keys: { body_id: string; epoch: string; sealed: Bytes };
  permits: { id: string; document: Bytes; signature: Bytes };
  outbox: OutboxTable;
  deliveries: {
    id: ColumnType<number, never, never>;
    outbox_id: string;
    at: Date;
    kind: DeliveryOutcome['kind'];
    code: number;
    reason: string;
    next_at: Date | null;
  };
  readers: {
    id: string;
    address: string;
    standing: ReaderRow['standing'];
    encryption_key_ids: ColumnType<string[], readonly string[], readonly string[]>;
    signature: Bytes;
  };
  key_lookups: {
    reader_id: string;
    address: string;
    asked_at: Date;
    answered_at: Date | null;
    said: DirectoryAnswer['kind'] | null;
    certificate: ColumnType<Buffer | null, never, Uint8Array | null>;
    read_at: Date | null;
  };
  doors: {
    list: string;
    kind: 'private' | 'public';
    storage_certificate: Bytes;
    epoch: string;
    signature: Bytes;
  };
  obligations: {
    id: string;
    kind: string;
    list: string;
    subject: string;
    owner: string;
    opened_at: Date;
    due_at: Date;
    settled_at: Date | null;
    ending: string | null;
  };
  requests: {
    id: string;
    sealed: Bytes;
    created_at: Generated<Date>;
    state: Generated<'waiting' | 'done' | 'refused'>;
    answer: ColumnType<Buffer | null, never, Uint8Array>;
  };
};

export type PublicTables = {
  inbox: {
    id: string;
    received_at: Date;
    kind: 'mail' | 'record';
    lists: ColumnType<string[], readonly string[], never>;
    envelope: string;
    raw: Bytes;
    state: Generated<'waiting' | 'held' | 'done' | 'refused'>;
    held_for: Generated<string[]>;
  };
  lists: {
    name: string;
    kind: 'private' | 'public';
    address: string;
    title: string;
    certificate: string | null;
    since: Date;
  };
} & ModerationTables &
  ArchiveTables;
