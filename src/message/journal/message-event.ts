import type { Address } from '../../mail/address.ts';
import type { MessageId } from '../../mail/letter-head.ts';
import type { Instant } from '../../time/instant.ts';
import type { Scope } from '../letter/scope.ts';
import type { Epoch, NoticeTemplate } from '../ports.ts';
import type { RestoreEvent } from '../restore/restore-event.ts';

/** What the keyholder remembers of one filed message; never its text. */
export type FiledMessage = Readonly<{
  caseNumber: string;
  /** Fresh outer id of the copies (M3), one per message, shared by its audiences. */
  messageId: MessageId;
  /** The author's own id. */
  authorsMessageId: MessageId | undefined;
  from: Address | undefined;
  subject: string;
  scope: Scope;
  contentDigest: string;
  signatureDigest: string | undefined;
  /** Digests of encrypted bodies that were opened for it: root and inner parts (K1). */
  bodyDigests: readonly string[];
  /** The inbox row that it came in by, which goes with the case (K6). */
  inboxId: string;
  /** People the author wrote to besides, whom we send nothing (M5). */
  outsiders: readonly Address[];
  at: Instant;
}>;

/** Held mail: an obligation of the administrators until somebody passes or refuses it (T8). */
export type HeldMail = Readonly<{
  inboxId: string;
  list: string;
  at: Instant;
  /** Names of the rules that held it, for people. */
  reasons: readonly string[];
  from: Address | undefined;
  /** SPF or DKIM stood for `from` (R4); anybody can write that of another. */
  vouched?: boolean;
  obligation: string;
  /** Encrypted parts of a mail that was held only because its case does not exist: they belong there (K1, I9). */
  bodies?: Readonly<{ caseNumber: string; digests: readonly string[] }>;
}>;

export type MessageEvent =
  | Readonly<{ kind: 'message-filed'; message: FiledMessage }>
  | Readonly<{ kind: 'message-held'; held: HeldMail }>
  | Readonly<{ kind: 'message-refused'; inboxId: string; list: string; reason: string; at: Instant }>
  | Readonly<{
      kind: 'held-mail-settled';
      inboxId: string;
      ending: 'passed' | 'refused';
      reason: string;
      by: string;
    }>
  | Readonly<{
      kind: 'administrators-written-to';
      inboxId: string;
      list: string;
      from: Address | undefined;
      at: Instant;
    }>
  | Readonly<{ kind: 'delivery-reported'; outboxId: string; actions: readonly string[]; at: Instant }>
  | Readonly<{ kind: 'bounce-received'; outboxId: string; recipient: Address; at: Instant }>
  | Readonly<{ kind: 'notice-sent'; template: NoticeTemplate; address: Address; at: Instant }>
  | Readonly<{ kind: 'copies-parked'; caseNumber: string | undefined; readers: readonly string[] }>
  /** The first copy that waits for a certificate of theirs: a task, until nothing waits any more. */
  | Readonly<{ kind: 'reader-parked'; reader: string; obligation: string }>
  | Readonly<{ kind: 'copies-wrapped-late'; reader: string; outboxIds: readonly string[] }>
  | Readonly<{ kind: 'copy-retried'; outboxId: string }>
  /** The operator keeps it back, and owes the administrators its release or an end. */
  | Readonly<{ kind: 'copy-stopped'; outboxId: string; obligation: string }>
  | Readonly<{ kind: 'copy-released'; outboxId: string }>
  | Readonly<{
      kind: 'delivery-troubled';
      outboxId: string;
      recipient: Address;
      reason: string;
      obligation: string;
      at: Instant;
    }>
  | Readonly<{ kind: 'digest-sent'; list: string; at: Instant }>
  /** Fingerprints and key ids of a person's key directory that we do not know: told once, not at each look-up. */
  | Readonly<{ kind: 'directory-differed'; representative: string; shown: readonly string[]; at: Instant }>
  /** A2: this signature has carried commands, or sent a message in clear; it never will again. */
  | Readonly<{
      kind: 'signature-spent';
      caseNumber: string;
      digest: string;
      /** The lines as they stood, for people who ask why. */
      commands: readonly string[];
      at: Instant;
    }>
  /** R3: every leaving is journalled, this one with who said so. `by`: id of a representative. */
  | Readonly<{
      kind: 'sent-in-clear';
      caseNumber: string;
      messageId: MessageId;
      recipient: Address;
      by: string;
      at: Instant;
    }>
  /** P7: the digest of its signature, so that no request is carried out twice. */
  | Readonly<{ kind: 'request-executed'; request: string; digest: string; at: Instant }>
  /** K6: to the custodian's certificates, by fingerprint; `count` of keys. */
  | Readonly<{
      kind: 'keys-exported';
      representative: string;
      fingerprints: readonly string[];
      count: number;
      at: Instant;
    }>
  /** FIELD §4: a new report is reviewed at once; a member's first signed answer ends it. */
  | Readonly<{ kind: 'review-owed'; caseNumber: string; obligation: string }>
  | Readonly<{ kind: 'obligation-settled'; obligation: string; ending: string }>
  /** K6: announced to the members, so that somebody may object before it cannot be undone. */
  | Readonly<{ kind: 'purge-announced'; cases: readonly string[]; effectiveFrom: Instant }>
  /**
   * What a purge took: the details of these journal entries, these mails, these cases' bodies and copies. `lists` stay
   * in use without the cases that told so (A6).
   */
  | Readonly<{
      kind: 'data-purged';
      cases: readonly string[];
      lists: readonly string[];
      details: readonly number[];
      inbox: readonly string[];
      at: Instant;
    }>
  /** Their keys are destroyed by every keyholder that reads this; what was still needed was wrapped to others before. */
  | Readonly<{ kind: 'epochs-ended'; epochs: readonly Epoch[]; at: Instant }>
  | RestoreEvent;
