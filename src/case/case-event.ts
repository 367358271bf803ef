import type { Instant } from '../time/instant.ts';
import type { Case, Guest } from './case.ts';

/** What can happen to a case. Payloads are sealed in the journal (K3); only kind, number and instant are clear. */
export type CaseEvent =
  | Readonly<{ kind: 'case-opened'; case: Case }>
  | Readonly<{ kind: 'guest-added'; caseNumber: string; guest: Guest }>
  /** A case ends in public: `posting` is where. */
  | Readonly<{ kind: 'case-closed'; caseNumber: string; posting: string; at: Instant }>;
