import type { Certificate, CertificateUse } from '../../membership/certificate.ts';
import type { ListSettings } from '../../membership/roster.ts';
import type { Instant } from '../../time/instant.ts';
import type { Desk } from '../desk.ts';
import type { LastAnswer } from '../look-up/key-lookup.ts';
import { emptyPlan, type Plan } from '../plan.ts';
import type { CaseRow, DoorRow, Epoch, ObligationRow, OutboxRow } from '../ports.ts';
import type { PrivateStore } from '../private-store-port.ts';
import type { SignedText } from '../restore/administrator-word.ts';
import type { UncertainRow } from '../restore/uncertain-row.ts';
import type { Answer, Json } from './request.ts';

/** What executing a request needs of the keyholder besides its desk. */
export type RequestTools = Readonly<{
  readCertificates: (armoured: string) => Promise<readonly Certificate[]>;
  use: (certificate: Certificate, now: Instant) => Promise<CertificateUse>;
  /** Makes a private list's keys and its door row; a public list gets a door without keys. */
  createList: (list: ListSettings) => Promise<DoorRow>;
  /** Fingerprints of the list's mail keys that lie in the key directory, the oldest first. */
  listKeys: (list: string) => readonly string[];
  /** The list's public mail key, armoured. */
  armouredKey: (list: string) => Promise<string | undefined>;
  /** The list's next mail key, made and kept before anything is decided about it; nothing is handed out by this. */
  nextListKey: (list: ListSettings, compromised: boolean) => Promise<NextListKey>;
  /** Every private key as one message to these certificates of the custodian. */
  exportKeys: (certificates: readonly Certificate[]) => Promise<ExportedKeys>;
  outboxRow: (id: string) => Promise<OutboxRow | undefined>;
  /** What key directories last said of each representative. */
  lastAnswers: () => Promise<readonly LastAnswer[]>;
  openObligations: () => Promise<readonly ObligationRow[]>;
  purgeable: PrivateStore['purgeable'];
  settledMail: PrivateStore['settledMail'];
  epochsInUse: PrivateStore['epochsInUse'];
  /** Doors with storage keys of an epoch that is not among these. */
  renewDoors: (ended: readonly Epoch[]) => Promise<readonly DoorRow[]>;
  /** The whole journal, opened and checked: how many entries, and the first fault. */
  verifyJournal: () => Promise<Readonly<{ size: number; purged: number; fault: string | undefined }>>;
  /** The text of a clear-signed file, checked with the representatives' certificates; undefined without a good signature. */
  readSigned: (file: string) => Promise<SignedText | undefined>;
  /** Outbox rows of which nobody knows whether they left (T6). */
  uncertainRows: () => Promise<readonly UncertainRow[]>;
  /** By the clear column: also those whose details today's keys no longer open. */
  openCases: () => Promise<readonly CaseRow[]>;
}>;

export type NextListKey = Readonly<{
  fingerprint: string;
  previous: string;
  /** The new certificate; behind it, where they were stolen, the revoked ones. Armoured. */
  armour: string;
  /** Where keys were stolen: each of the list's keys but the new one, with the binary certificate that revokes it. */
  revoked: readonly Readonly<{ fingerprint: string; certificate: Uint8Array }>[];
}>;

/** Sealed to its reader and signed by the keyholder, whose key is `signedBy`; armoured. */
export type ExportedKeys = Readonly<{ armour: string; count: number; signedBy: string }>;

/** What one request comes to: an answer, and what it changes. */
export type Execution = Readonly<{ answer: Answer; plan: Plan }>;

export type Execute<Kind> = (request: Kind, desk: Desk, tools: RequestTools) => Promise<Execution>;

export function done(text: readonly string[], data: Json, plan: Partial<Plan> = {}): Execution {
  return { answer: { kind: 'done', text, data }, plan: { ...emptyPlan, ...plan } };
}

export function refused(reason: string): Execution {
  return { answer: { kind: 'refused', reason }, plan: emptyPlan };
}
