/** What the archive keeps of a posting besides its raw bytes. */
import type { MessageId } from '../../mail/letter-head.ts';
import type { Instant } from '../../time/instant.ts';
import type { PostedPart } from './read-posting.ts';

/** One that goes in. */
export type NewPosting = Readonly<{
  list: string;
  id: MessageId;
  /** SHA-256 of what its author wrote (`ReadPosting.written`). */
  digest: Uint8Array;
  postedAt: Instant;
  subject: string;
  authorName: string | undefined;
  authorAddress: string | undefined;
  /** Message-IDs, the oldest first, the nearest last. */
  answers: readonly MessageId[];
  cveIds: readonly string[];
  hasPatch: boolean;
  /** HTML has become text here. */
  parts: readonly ShownPart[];
  raw: Uint8Array;
}>;

export type ShownPart = Omit<PostedPart, 'shown'> &
  Readonly<{
    /** The text to show; none for what is a file. `fromHtml`: reduced by us. */
    text: string | undefined;
    fromHtml: boolean;
  }>;

/** One line of a list of postings. */
export type PostingLine = Readonly<{
  list: string;
  number: number;
  id: MessageId;
  postedAt: Instant;
  /** `2026-08-24`, and which one of that day. */
  day: string;
  dayNumber: number;
  thread: number;
  subject: string;
  authorName: string | undefined;
  authorAddress: string | undefined;
  answers: readonly MessageId[];
  hasPatch: boolean;
  /** Bytes of the mail. */
  size: number;
}>;

export type Posting = PostingLine & Readonly<{ parts: readonly ShownPart[] }>;

export type ThreadLine = Readonly<{
  number: number;
  /** Its earliest posting. */
  first: MessageId;
  /** Of that posting. */
  authorName: string | undefined;
  authorAddress: string | undefined;
  list: string;
  subject: string;
  startedAt: Instant;
  lastAt: Instant;
  postings: number;
}>;

/** How a posting was taken. `renamed`: kept under a made-up id, as its own belongs to another. */
export type Taken = Readonly<{ kind: 'added' | 'renamed' | 'known'; id: MessageId }>;
