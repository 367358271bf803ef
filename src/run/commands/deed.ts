import type { OutboxChange, PresetName, Request } from '../../message/requests/request.ts';
import type { ModerationAct } from '../../publication/moderation/moderation-request.ts';
import type { OutboxFilter } from './outbox-filter.ts';

/** Processes that `run --only` names. */
export type ServerProcessName = 'intake' | 'keyholder' | 'sender' | 'public-keeper' | 'public-site';
export const serverProcessNames: readonly ServerProcessName[] = [
  'intake',
  'keyholder',
  'sender',
  'public-keeper',
  'public-site',
];

export type InitOptions = Readonly<{
  domain: string;
  smtp: readonly string[];
  lmtp: readonly string[];
  publicSite: readonly string[];
  relay: string | undefined;
  database: string | undefined;
  passphraseFile: string | undefined;
  credential: string | undefined;
  unprotectedKeys: boolean;
  sharedUser: boolean;
  userPrefix: string | undefined;
}>;

export type DemoReportOptions = Readonly<{
  to: string;
  subject: string;
  text: string | undefined;
  clear: boolean;
}>;

/** What is confirmed of a restore; the file that an administrator signed is read when it is done. */
export type Confirmation =
  | Readonly<{ part: 'roster' | 'purges' }>
  | Readonly<{ part: 'outbox'; uncertain: 'cancel' | 'resend' }>;

export type RestoreOptions = Readonly<{ file: string; yes: boolean; database: string | undefined }>;

/** What one command line means, read and checked; `perform.ts` does it. */
export type Deed =
  | Readonly<{ kind: 'ask'; request: Request }>
  | Readonly<{ kind: 'add-list'; name: string; preset: PresetName; includes: readonly string[] | undefined }>
  /** Requests that carry a certificate: the file is read when it is done. */
  | Readonly<{ kind: 'add-representative'; member: string; address: string; file: string }>
  | Readonly<{ kind: 'add-guest'; caseNumber: string; address: string; file: string }>
  | Readonly<{ kind: 'confirm-restore'; confirmation: Confirmation; signed: string | undefined }>
  | Readonly<{ kind: 'list-key'; name: string }>
  | Readonly<{ kind: 'rotate-list-key'; name: string; compromised: boolean; sure: boolean }>
  | Readonly<{ kind: 'key-export'; output: string | undefined }>
  | Readonly<{ kind: 'key-import'; file: string }>
  | Readonly<{ kind: 'init'; options: InitOptions }>
  | Readonly<{ kind: 'run'; only: readonly ServerProcessName[] }>
  | Readonly<{ kind: 'doctor' }>
  | Readonly<{ kind: 'upgrade'; database: string | undefined }>
  | Readonly<{ kind: 'backup'; to: string; database: string | undefined }>
  | Readonly<{ kind: 'restore'; options: RestoreOptions }>
  | Readonly<{ kind: 'archive-import'; list: string; path: string; database: string | undefined }>
  | Readonly<{ kind: 'moderation-list'; list: string | undefined }>
  | Readonly<{ kind: 'moderation-show'; id: string; whole: boolean }>
  | Readonly<{ kind: 'moderation-decide'; id: string; act: ModerationAct }>
  | Readonly<{ kind: 'held-list' }>
  | Readonly<{ kind: 'obligation-list' }>
  | Readonly<{ kind: 'outbox-list'; all: boolean; filter: OutboxFilter }>
  | Readonly<{ kind: 'outbox-summary' }>
  | Readonly<{ kind: 'outbox-show'; id: string }>
  /** By ids, or every row that meets the filter. */
  | Readonly<{
      kind: 'outbox-change';
      change: OutboxChange['change'];
      ids: readonly string[];
      filter: OutboxFilter;
      every: boolean;
      dryRun: boolean;
    }>
  | Readonly<{ kind: 'case-list' }>
  | Readonly<{ kind: 'case-show'; number: string }>
  | Readonly<{ kind: 'demo-start'; portBase: number | undefined }>
  | Readonly<{ kind: 'demo-report'; options: DemoReportOptions }>
  | Readonly<{ kind: 'demo-send'; from: string; to: readonly string[] }>
  | Readonly<{ kind: 'demo-where' }>;
