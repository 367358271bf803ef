import type { Case } from '../../case/case.ts';
import type { ListAddress } from '../../mail/list-address.ts';
import type { Certificate } from '../../membership/certificate.ts';
import type { Representative } from '../../membership/roster.ts';
import type { Instant } from '../../time/instant.ts';
import type { FiledMessage } from '../journal/message-event.ts';
import { isUnopenable, type Opened, type Unopenable } from '../open/opened.ts';
import type { Envelope } from '../receive/envelope.ts';
import type { Scope } from './scope.ts';

/** One private mail on its way through judging and filing: what arrived, what it says, and where it belongs. */
export type Letter = Readonly<{
  inboxId: string;
  receivedAt: Instant;
  envelope: Envelope;
  raw: Uint8Array;
  opened: Opened;
  recipients: readonly ListAddress[];
  place: Place;
  signer: Signer;
  /** Set when an administrator, or the sender by replying, had it passed after it was held. */
  passed: Passed | undefined;
}>;

/** Who passed a held mail, and over which rules: what held it then holds it no more, another rule does (settle-held). */
export type Passed = Readonly<{ by: string; over: readonly string[] }>;

/** A mail that could not be opened: judged by that alone. */
export type ClosedLetter = Readonly<Omit<Letter, 'opened'>> & Readonly<{ opened: Unopenable }>;

export function isOpened(letter: Letter | ClosedLetter): letter is Letter {
  return !isUnopenable(letter.opened);
}

/** Whose signature the mail bears, as far as we know people. */
export type Signer =
  | Readonly<{ kind: 'representative'; representative: Representative }>
  | Readonly<{ kind: 'participant'; role: 'reporter' | 'guest'; case: Case }>
  /** Signed by a certificate that lay inside the encryption, of this mail or an earlier report to the list (A1). */
  | Readonly<{ kind: 'enclosed'; certificate: Certificate }>
  | Readonly<{ kind: 'unknown' }>
  | Readonly<{ kind: 'invalid' }>
  | Readonly<{ kind: 'none' }>;

/** What makes it doubtful which case, or which people, were meant (R2). */
export type Doubt =
  | 'new-tag-on-a-reply'
  | 'address-and-references-disagree'
  | 'subject-names-another-case'
  | 'several-case-addresses'
  | 'header-names-another-address'
  /** K1: it may be somebody else's ciphertext, sent on to be opened for a participant. */
  | 'sealed-by-nobody-on-the-case'
  | 'answers-a-case-of-another-list'
  | 'answers-as-a-stranger'
  /** M6: one case, on the widest of them. */
  | 'sent-to-several-lists'
  | 'lists-do-not-include-each-other';

/** Where a mail belongs. */
export type Place =
  | Readonly<{ kind: 'new-report'; list: string; doubts: readonly Doubt[]; related: string | undefined }>
  | Readonly<{
      kind: 'case';
      case: Case;
      scope: Scope;
      parent: FiledMessage | undefined;
      doubts: readonly Doubt[];
    }>
  | Readonly<{ kind: 'unknown-case'; list: string; caseNumber: string }>
  | Readonly<{ kind: 'owner'; list: string }>
  | Readonly<{ kind: 'held-reply'; list: string; token: string }>
  | Readonly<{ kind: 'proof'; list: string; token: string }>
  | Readonly<{ kind: 'bounce'; list: string; token: string }>;

/** The list whose administrators answer for the mail. */
export function listOf(place: Place): string {
  return place.kind === 'case' ? place.case.list : place.list;
}
