import type { Address } from '../mail/address.ts';
import type { Instant } from '../time/instant.ts';
import type { Certificate } from './certificate.ts';
import type { MailKeyEvent } from './mail-keys.ts';
import type { ProofEvent } from './proof.ts';
import type { ListSettings } from './roster.ts';

/** What can happen to lists, members and representatives. Additions carry the moment they take effect (A6). */
export type RosterEvent =
  | MailKeyEvent
  | ProofEvent
  | Readonly<{ kind: 'list-added'; list: ListSettings }>
  | Readonly<{ kind: 'member-added'; member: string; lists: readonly string[]; products: readonly string[] }>
  | Readonly<{
      kind: 'representative-added';
      id: string;
      member: string;
      address: Address;
      certificate: Certificate;
      effectiveFrom: Instant;
    }>
  | Readonly<{
      kind: 'certificate-added';
      representative: string;
      certificate: Certificate;
      effectiveFrom: Instant;
    }>
  | Readonly<{ kind: 'representative-suspended'; representative: string }>
  | Readonly<{ kind: 'representative-restored'; representative: string; effectiveFrom: Instant }>
  | Readonly<{ kind: 'representative-removed'; representative: string }>
  | Readonly<{ kind: 'administrator-added'; list: string; representative: string; effectiveFrom: Instant }>
  | Readonly<{ kind: 'administrator-removed'; list: string; representative: string }>
  /** K6: the one to whom keys may be exported. Whoever was it before is so no more, at once. */
  | Readonly<{ kind: 'custodian-dismissed'; representative: string }>
  | Readonly<{ kind: 'custodian-named'; representative: string; effectiveFrom: Instant }>;
