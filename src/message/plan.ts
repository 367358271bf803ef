import type { Address } from '../mail/address.ts';
import type { MessageId } from '../mail/letter-head.ts';
import type { Certificate } from '../membership/certificate.ts';
import type { Event } from './journal/event.ts';
import type {
  BodyRow,
  CaseRow,
  DoorRow,
  Epoch,
  InboxState,
  NoticeParameters,
  NoticeTemplate,
  ObligationRow,
  OutboxRow,
  Purge,
} from './ports.ts';
import type { Step } from './private-store-port.ts';

/** Somebody a message is sealed to. */
export type Reader = Readonly<{
  id: string;
  address: Address;
  role: 'member' | 'reporter' | 'guest' | 'administrator';
  /** How members know them: `alice@debian.example (Debian)`. */
  label: string;
  certificates: readonly Certificate[];
}>;

/** A reader of the message who gets no copy now, and why (R6). */
export type Unreached = Readonly<{ reader: Reader; why: string }>;

/** What a copy shows outside its encryption (M3, M4, M5). */
export type OuterHead = Readonly<{
  /** Display name; the address is always the list's. */
  fromName: string;
  replyTo: Address;
  subject: string;
  inReplyTo: MessageId | undefined;
  references: readonly MessageId[];
  /** Our own notices carry Auto-Submitted (RFC 3834 §5). */
  notice: boolean;
}>;

/** One message to one audience (K5), not yet sealed. */
export type Outgoing = Readonly<{
  list: string;
  caseNumber: string | undefined;
  messageId: MessageId;
  outer: OuterHead;
  readers: readonly Reader[];
  /** Fingerprint of the list's key that signs it, where that is not the current one as of the decision. */
  signedBy?: string;
  /** The entity that is signed and encrypted; told who of the readers cannot be reached. */
  compose: (unreached: readonly Unreached[]) => Uint8Array;
}>;

/** A notice in clear, without content, which `sender` words itself (P5). */
export type ClearNotice = Readonly<{
  template: NoticeTemplate;
  parameters: NoticeParameters;
  recipient: Address;
  list: string;
  caseNumber: string | undefined;
}>;

/** A mail in clear, without protection but that of its way here: to a reporter without a certificate (R3). */
export type PermittedMail = Readonly<{
  list: string;
  caseNumber: string;
  messageId: MessageId;
  recipient: Address;
  /** The whole of it, CRLF. */
  mail: Uint8Array;
}>;

/** A change of who may read, for `sender` to see before DATA (P5, A6). */
export type ReaderChange = Readonly<{
  id: string;
  address: Address;
  standing: 'active' | 'suspended' | 'removed';
  certificates: readonly Certificate[];
}>;

/** Everything one decision wants to happen; sealing makes it a `Step`. Plain data but for `compose`. */
export type Plan = Readonly<{
  events: readonly Event[];
  outgoing: readonly Outgoing[];
  notices: readonly ClearNotice[];
  permitted: readonly PermittedMail[];
  obligationsOpened: readonly ObligationRow[];
  obligationsSettled: readonly Readonly<{ id: string; ending: string }>[];
  cases: readonly CaseRow[];
  readers: readonly ReaderChange[];
  cancelFor: readonly string[];
  /** Rows that change: a late wrap (K4), with the body it belongs to for its new permit; or a retry, as permitted. */
  outboxUpdates: readonly Readonly<{ row: OutboxRow; body?: BodyRow }>[];
  /** Troubled rows that have their obligation now. */
  outboxAcknowledged: readonly string[];
  /** What becomes of every row that a restore left uncertain (T6). */
  uncertain: Step['uncertain'];
  doors: readonly DoorRow[];
  /** Inbox rows that are settled by this decision. */
  inbox: Readonly<{ id: string; state: InboxState }> | undefined;
  /** A held row that a person settled with it. */
  heldInbox: Readonly<{ id: string; state: 'waiting' | 'refused' }> | undefined;
  /** What goes for good (K6). */
  purge: Purge | undefined;
  /** Epochs whose keys end with it: what they still hold is wrapped anew. */
  epochsEnd: readonly Epoch[];
}>;

export const emptyPlan: Plan = {
  events: [],
  outgoing: [],
  notices: [],
  permitted: [],
  obligationsOpened: [],
  obligationsSettled: [],
  cases: [],
  readers: [],
  cancelFor: [],
  outboxUpdates: [],
  outboxAcknowledged: [],
  uncertain: undefined,
  doors: [],
  inbox: undefined,
  heldInbox: undefined,
  purge: undefined,
  epochsEnd: [],
};

/** Chance, given as an argument so that a story can be told again. */
export type Chance = Readonly<{
  uuid: () => string;
  /** A uniform integer in [0, below). */
  below: (limit: number) => number;
  bytes: (length: number) => Uint8Array;
}>;
