import type { Address } from '../mail/address.ts';
import type { Certificate } from '../membership/certificate.ts';
import { day, type Instant, later } from '../time/instant.ts';

/** The reporter of a case. Their certificate is the pinned one of A1, or a representative's own. */
export type Reporter = Readonly<{
  /** Id of their reader row, and of the representative when they are one. */
  id: string;
  address: Address;
  name: string | undefined;
  representative: string | undefined;
  certificate: Certificate | undefined;
}>;

/** Somebody invited into one case (A4). */
export type Guest = Readonly<{
  id: string;
  address: Address;
  certificate: Certificate;
  effectiveFrom: Instant;
}>;

/** The coordination of one report. */
export type Case = Readonly<{
  /** `VS-2026-0042`, drawn at random within the year (I9). */
  number: string;
  list: string;
  /** First receipt by the list: the embargo counts from here (FIELD §2). */
  receivedAt: Instant;
  subject: string;
  /** The subject had travelled in clear (M4). */
  subjectInClear: boolean;
  reporter: Reporter | undefined;
  guests: readonly Guest[];
  state: 'open' | 'closed';
}>;

/** The latest release that the list's policy allows (FIELD §2: counted from the first post to the list). */
export function latestRelease(subject: Case, maximumEmbargoDays: number): Instant {
  return later(subject.receivedAt, maximumEmbargoDays * day);
}
