/**
 * What handling a message needs from the outside. Adapters implement these; the domain calls nothing else.
 * Everything that crosses to the database is `Sealed` or a clear column that `docs/schema.md` lists (K3).
 */
import type { Address } from '../mail/address.ts';
import type { MessageId } from '../mail/letter-head.ts';
import type { Instant } from '../time/instant.ts';
import type { OutboxState } from './outbox-state.ts';

/** Bytes that only the keyholder can open. The one cast is in `adapters/openpgp`. */
export type Sealed = Uint8Array & { readonly __brand: 'Sealed' };

/** Bytes that only `sender` can open (R3). */
export type SealedToSender = Uint8Array & { readonly __brand: 'SealedToSender' };

/**
 * What storage and record keys belong to (K1, K6): a calendar month, `2026-11`, or `standing`, which outlives months.
 * `2026-11.02` is the month after its keys were replaced once.
 */
export type Epoch = string & { readonly __brand: 'Epoch' };

/** Where new things rest: what is of one case under the month, so that it can be purged; all else under `standing`. */
export type Epochs = Readonly<{ month: Epoch; standing: Epoch }>;

// ---- inbox -------------------------------------------------------------------------------------------------------

/** What intake inserts: one row per accepted private mail, before the `250`. */
export type InboxRow = Readonly<{
  id: string;
  receivedAt: Instant;
  /** Names of the private lists that RCPT named; clear, as the field's readers file by it. */
  lists: readonly string[];
  epoch: Epoch;
  /** Power of two of the size: 12 stands for at most 4 KiB. */
  sizeClass: number;
  /** The sealed envelope (`message/receive/envelope.ts`), OpenPGP to the first list's storage certificate (K2). */
  sealed: Sealed;
}>;

export type InboxState = 'waiting' | 'judged' | 'held' | 'refused';

// ---- journal -----------------------------------------------------------------------------------------------------

/** Where the journal stands: a hash chain over its clear columns (T7). Generation grows with each restore (T6). */
export type JournalHead = Readonly<{ generation: number; size: number; head: Uint8Array }>;

export type JournalEntry = Readonly<{
  at: Instant;
  /** Kind of the event, clear: `case-opened`. */
  kind: string;
  /** Case number, list or member-less id the event is about; never a title, a name or a CVE id. */
  subject: string | undefined;
  /** SHA-256(salt ‖ payload); the salt is inside the sealed detail. */
  commitment: Uint8Array;
  /** Chain value after this entry. */
  head: Uint8Array;
  epoch: Epoch;
  sealed: Sealed;
}>;

/** An entry as read back; `sealed` is undefined once purged. */
export type StoredEntry = Readonly<{ sequence: number }> &
  Omit<JournalEntry, 'sealed' | 'epoch'> &
  Readonly<{ sealed: Sealed | undefined; epoch: Epoch | undefined }>;

// ---- outbox ------------------------------------------------------------------------------------------------------

/** The three places in a base64 quantum where the shared body can begin (DESIGN §5). */
export type Alignment = 0 | 1 | 2;

/** One shared ciphertext, ready for the wire. */
export type BodyRow = Readonly<{
  id: string;
  list: string;
  caseNumber: string | undefined;
  /** The fresh outer Message-ID, the same in every copy (M3). */
  messageId: MessageId;
  /** From the first header line to the blank line after `-----BEGIN PGP MESSAGE-----`, CRLF. */
  envelopeHead: Uint8Array;
  /** Armour of the body from offset 0, 1, 2, full lines, CRLF, dot-safe; index = alignment. */
  tails: readonly [Uint8Array, Uint8Array, Uint8Array];
  /** From `-----END PGP MESSAGE-----` to the last byte of the mail, CRLF. */
  envelopeEnd: Uint8Array;
  /** The session key under the epoch's record key (K4); only the keyholder reads this column. */
  homeEpoch: Epoch;
  home: Sealed;
}>;

/**
 * What one row carries. `copy`: a private copy. `notice`: clear, without content, written by `sender` from a template.
 * `permitted`: a mail in clear to a reporter, sealed to `sender`'s own key until DATA (R3).
 */
export type OutboxContent =
  | Readonly<{
      kind: 'copy';
      bodyId: string;
      readerId: string;
      /** Encryption keys the copy is wrapped to, upper-case hexadecimal. */
      keyIds: readonly string[];
      /** This reader's session-key packets and the seam, base64 lines, CRLF. Empty when parked. */
      head: Uint8Array;
      alignment: Alignment;
      /** The CRC24 line, `=abcd`, no line end. */
      checksum: string;
    }>
  | Readonly<{ kind: 'notice'; template: NoticeTemplate; parameters: NoticeParameters }>
  | Readonly<{
      kind: 'permitted';
      /** Of the mail inside: with the row's recipient what the permit names. */
      messageId: MessageId;
      /** The whole mail, CRLF, as OpenPGP to `sender`'s opening certificate. */
      sealed: SealedToSender;
    }>;

/** Clear notices that exist (P5). Their words live in `message/notice/clear-notice.ts`; a parameter never carries content. */
export type NoticeTemplate = 'receipt' | 'held-how-to-pass' | 'reader-parked';

/** Typed and checked again by `sender`: instants, numbers, list names, addresses and message ids only. */
export type NoticeParameters = Readonly<Record<string, string>>;

export type OutboxRow = Readonly<{
  id: string;
  list: string;
  caseNumber: string | undefined;
  recipient: Address;
  /** Envelope sender; '' is the null return path. */
  returnPath: Address | '';
  state: OutboxState;
  /** The permit that names this row; `sender` sends no row without (P5). */
  permitId: string;
  content: OutboxContent;
}>;

/** The keyholder's signed word on which rows may leave: SHA-256 of each row's canonical form, Ed25519 (P5). */
export type Permit = Readonly<{ id: string; document: Uint8Array; signature: Uint8Array }>;

/** Somebody whose copies wait for a certificate that can be used. */
export type ParkedReader = Readonly<{ readerId: string; recipient: Address; list: string }>;

/** What `sender` re-reads before DATA (P5, A6). Guests' and reporters' rows look the same as representatives'. */
export type ReaderRow = Readonly<{
  id: string;
  address: Address;
  standing: 'active' | 'suspended' | 'removed';
  encryptionKeyIds: readonly string[];
  /** Ed25519 by the keyholder over the canonical form of the row. */
  signature: Uint8Array;
}>;

/** Outcome of one delivery attempt; `code` as the peer said it. */
export type DeliveryOutcome = Readonly<{
  kind: 'sent' | 'deferred' | 'failed' | 'held';
  at: Instant;
  /** SMTP reply code, or 0 when there was none. */
  code: number;
  /** Our own short word: `refused-recipient`, `connection-lost`, `permit-missing`. Never the peer's text. */
  reason: string;
  /** When to try again, for `deferred`. */
  nextAt: Instant | undefined;
}>;

// ---- the rest of what commits together ---------------------------------------------------------------------------

/** A list as the doors know it: intake reads these to answer RCPT and to seal (signed by the keyholder). */
export type DoorRow = Readonly<{
  list: string;
  kind: 'private' | 'public';
  /** Storage certificate of the current epoch, binary; empty for a public list. */
  storageCertificate: Uint8Array;
  epoch: Epoch;
  signature: Uint8Array;
}>;

export type ObligationRow = Readonly<{
  id: string;
  /** `ObligationKind` of `obligation.ts`. */
  kind: string;
  list: string;
  /** Case number, or id of an inbox row, an outbox row or a reader. */
  subject: string;
  /** An address, or `administrators`. */
  owner: string;
  openedAt: Instant;
  dueAt: Instant;
}>;

export type CaseRow = Readonly<{
  number: string;
  list: string;
  openedAt: Instant;
  state: 'open' | 'closed' | 'purged';
}>;

/** What leaves the database for good (K6). Of a case everything goes but its number and the journal's commitments. */
export type Purge = Readonly<{
  cases: readonly string[];
  /** Sequences of journal entries whose details go. */
  details: readonly number[];
  /** Mail that was judged or refused. */
  inbox: readonly string[];
  readers: readonly string[];
}>;

/** Wraps anew what rests under keys that end: by `destroyed` only the old keys are left without use. */
export type EpochsEnd = Readonly<{
  ended: readonly Epoch[];
  /** The epoch that takes over what an ended one still held. */
  into: (ended: Epoch) => Epoch;
  detail: (row: Readonly<{ sequence: number; epoch: Epoch; sealed: Sealed }>) => Promise<Sealed>;
  home: (row: Readonly<{ bodyId: string; epoch: Epoch; sealed: Sealed }>) => Promise<Sealed>;
  /** Undefined: nobody can open it, now or later; it goes on as it is. */
  inbox: (row: Readonly<{ list: string; epoch: Epoch; sealed: Sealed }>) => Promise<Sealed | undefined>;
}>;

/** What a purge of these cases would find. */
export type Purgeable = Readonly<{
  details: readonly number[];
  readers: readonly string[];
  /** Rows of the outbox. */
  outbox: readonly string[];
  /** Under whose keys any of it rests, mail included. */
  epochs: readonly Epoch[];
  /** Copies that have not left yet. */
  unsettled: number;
}>;
