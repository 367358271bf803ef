/**
 * What key directories (WKD) say of representatives' certificates. `sender` asks for one person at a time, once a day, at an
 * hour that depends on nothing but that person's id (P6); the keyholder reads the answers and takes from them what
 * the owner has signed (`take-answer.ts`).
 */
import type { Address } from '../../mail/address.ts';
import type { Instant } from '../../time/instant.ts';

/** `none`: there is no directory, or nobody of that name in it. `failed`: no answer, or none that we take. */
export type DirectoryAnswer =
  | Readonly<{ kind: 'found'; bytes: Uint8Array }>
  | Readonly<{ kind: 'none' }>
  | Readonly<{ kind: 'failed'; reason: string }>;

/** Port: asks the directory of the address's domain. Never rejects, and takes no longer than it allows itself. */
export type AskDirectory = (address: Address) => Promise<DirectoryAnswer>;

/** One representative, for `sender`; `askedAt`: when it last was their turn, or when they came. */
export type LookUpRow = Readonly<{ readerId: string; address: Address; askedAt: Instant }>;

/** Sender's side of the look-ups: it asks for whom the keyholder has put there, and cannot read what it answered. */
export type LookUpStore = Readonly<{
  rows: () => Promise<readonly LookUpRow[]>;
  /** Takes the turn; false when another sender has it, or the row is gone. */
  take: (row: LookUpRow, now: Instant) => Promise<boolean>;
  /** In place of the answer before; nothing, if the question of `takenAt` is not asked any more: they have another address. */
  answer: (
    taken: Readonly<{ readerId: string; takenAt: Instant }>,
    answer: DirectoryAnswer,
    now: Instant,
  ) => Promise<void>;
}>;

/** An answer that the keyholder has not read. */
export type UnreadAnswer = Readonly<{ readerId: string; bytes: Uint8Array }>;

/** What was last said of one person, and when; nothing yet: undefined. */
export type LastAnswer = Readonly<{
  readerId: string;
  address: Address;
  said: Readonly<{ kind: DirectoryAnswer['kind']; at: Instant }> | undefined;
}>;

/** The keyholder's side. */
export type AnswerStore = Readonly<{
  /** Makes the rows exactly these people's. */
  seek: (people: readonly Pick<LookUpRow, 'readerId' | 'address'>[], now: Instant) => Promise<void>;
  /**
   * Found and not read since, the longest unread first, at most `limit`; none of somebody whose last one was read after
   * `notReadSince`.
   */
  unread: (limit: number, notReadSince: Instant) => Promise<readonly UnreadAnswer[]>;
  markRead: (readerId: string, now: Instant) => Promise<void>;
  lastAnswers: () => Promise<readonly LastAnswer[]>;
}>;
