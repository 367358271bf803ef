import type { Certificate, ExamineCertificates } from '../../membership/certificate.ts';
import type { MailKeys, MailKeysOfLists } from '../../membership/mail-keys.ts';
import type { ListSettings } from '../../membership/roster.ts';
import type { AskSessionKey, OpenMail } from '../../message/open/opened.ts';
import type { Chance } from '../../message/plan.ts';
import type { DoorRow, Epoch, Sealed } from '../../message/ports.ts';
import type { PrivateStore, RequestRow } from '../../message/private-store-port.ts';
import type { ExportedKeys, NextListKey } from '../../message/requests/execution.ts';
import type { Answer, Request } from '../../message/requests/request.ts';
import type { SealToSender } from '../../message/seal/sealing-tools.ts';
import type { Sealing } from '../../message/sealing-port.ts';
import type { DirectoryEntry } from '../../publication/directory-record.ts';
import type { Instant } from '../../time/instant.ts';
import type { JournalGuard } from './journal-guard.ts';

/** The keyholder's keys, as it uses them. Real ones: `adapters/openpgp/keyring`. */
export type Keys = Readonly<{
  sealing: Sealing;
  askSessionKey: AskSessionKey;
  /** Ids of the lists' mail encryption keys, for the child to choose session-key packets by. */
  listKeyIds: () => readonly string[];
  /** The lists' own certificates: what they signed and gets back to us verifies. */
  listCertificates: () => readonly Certificate[];
  openInbox: (list: string, epoch: Epoch, sealed: Sealed) => Promise<Uint8Array>;
  sealRecord: (epoch: Epoch, plaintext: Uint8Array, context: string) => Promise<Sealed>;
  openRecord: (epoch: Epoch, sealed: Sealed, context: string) => Promise<Uint8Array>;
  /** The same mail, opened by another month's storage key from now on (K6). */
  rewrapInbox: (
    mail: Readonly<{ list: string; from: Epoch; into: Epoch; sealed: Sealed }>,
  ) => Promise<Sealed>;
  /** Destroys every key of these epochs, for good; again and again without harm. */
  endEpochs: (epochs: readonly Epoch[]) => Promise<void>;
  /** Epochs whose keys were destroyed here. */
  endedEpochs: () => ReadonlySet<Epoch>;
  sign: (bytes: Uint8Array) => Uint8Array;
  /** Whether it was `sign` that signed these bytes. */
  verify: (bytes: Uint8Array, signature: Uint8Array) => boolean;
  token: (purpose: string, text: string) => string;
  /** Makes what is missing of a private list's keys for this month and says its door. */
  ensureList: (list: ListSettings, epoch: Epoch, now: Instant) => Promise<DoorRow>;
  /** The key that the list signs with and is written to, armoured; behind it, those of its keys that were revoked. */
  armouredKey: (list: string, known: MailKeys | undefined) => string | undefined;
  /** Makes the list's next mail key, or takes a spare one, and revokes the others where they may have been stolen. */
  nextListKey: (task: NextListKeyTask) => Promise<NextListKey>;
  /** Every private key, sealed to these certificates of the custodian (K6). */
  exportKeys: (
    certificates: readonly Certificate[],
    mailKeys: MailKeysOfLists,
    now: Instant,
  ) => Promise<ExportedKeys>;
  /** Fingerprints of the list's mail keys that lie here, the oldest first. */
  listKeys: (list: string) => readonly string[];
  /** Destroys the mail keys that the journal says are gone, and takes in what another keyholder has made. */
  followJournal: (mailKeys: MailKeysOfLists) => Promise<void>;
}>;

export type NextListKeyTask = Readonly<{
  list: ListSettings;
  known: MailKeys | undefined;
  /** Nothing that the old keys open or sign is trusted any more. */
  compromised: boolean;
  now: Instant;
}>;

/** A request, and what tells it from every other one; `request` is undefined when its values have not the form they must. */
export type OperatorRequest = Readonly<{
  request: Request | undefined;
  digest: string;
  signedAt: Instant;
}>;

/** Requests of the operator (P7): undefined when a row is none, or not signed by the operator for this row. */
export type OperatorDoor = Readonly<{
  read: (row: RequestRow) => Promise<OperatorRequest | undefined>;
  /** Bound to the row that it answers. */
  answer: (row: RequestRow, answer: Answer) => Promise<Sealed>;
}>;

/** Hands a finished record to the public side through its inbox (DESIGN §4). */
export type PublicDoor = Readonly<{ handDirectory: (lists: readonly DirectoryEntry[]) => Promise<void> }>;

export type KeyholderTools = Readonly<{
  domain: string;
  store: PrivateStore;
  keys: Keys;
  open: OpenMail;
  /** Seals mail in clear to `sender`'s pinned certificate (R3). */
  sealToSender: SealToSender;
  examine: ExamineCertificates;
  operator: OperatorDoor;
  publicDoor: PublicDoor;
  guard: JournalGuard;
  clock: () => Instant;
  /** Called after each round in which nothing went wrong: the work goes on. */
  onRound?: (state: Readonly<{ frozen: boolean }>) => void;
  chance: Chance;
  sha256: (bytes: Uint8Array) => Uint8Array;
  base64: (bytes: Uint8Array) => string;
  log: (
    level: 'info' | 'warn' | 'error',
    event: string,
    fields?: Readonly<Record<string, string | number>>,
  ) => void;
}>;
