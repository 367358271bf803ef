/** The archive as its pages read it. Lines are in the order that each says; nothing is private here. */
import type { MessageId } from '../../mail/letter-head.ts';
import type { Instant } from '../../time/instant.ts';
import type { Posting, PostingLine, ThreadLine } from './posting.ts';
import type { SearchQuery } from './search-query.ts';

/** A place in an order of postings or threads, the newest first: what comes after it is older. */
export type Place = Readonly<{ at: Instant; number: number }>;

export type ArchiveState = Readonly<{
  postings: number;
  changedAt: Instant;
  /** Another one whenever any page of the list may have changed. */
  stamp: string;
}>;

export type Month = Readonly<{ month: string; postings: number }>;

/** A stretch of time: from `from` on, before `to`. */
export type Stretch = Readonly<{ from: Instant; to: Instant }>;

/** A thread's first posting, as far as a line of the thread needs it. */
export type ThreadStart = Pick<PostingLine, 'id' | 'authorName' | 'authorAddress'>;

export type ArchiveReader = Readonly<{
  /** Undefined: the list has no archive (yet). */
  state: (list: string) => Promise<ArchiveState | undefined>;
  /** The newest month first. */
  months: (list: string) => Promise<readonly Month[]>;
  posting: (list: string, id: MessageId) => Promise<Posting | undefined>;
  /** The same with every posting of its thread, itself among them, the earliest first. */
  withThread: (list: string, id: MessageId) => Promise<PostingInThread | undefined>;
  /** `day`: `2026-08-24`; `number` counts from 1. */
  postingOfDay: (list: string, day: string, number: number) => Promise<PostingLine | undefined>;
  raw: (number: number) => Promise<Uint8Array | undefined>;
  rawOf: (list: string, id: MessageId) => Promise<Uint8Array | undefined>;
  /** Every posting of a thread, the earliest first. */
  thread: (thread: number) => Promise<readonly PostingLine[]>;
  /** These postings, whole. */
  postings: (lines: readonly PostingLine[]) => Promise<readonly Posting[]>;
  /** The last active first. */
  threads: (list: string, limit: number, after?: Place) => Promise<readonly ThreadLine[]>;
  /** The latest first. */
  newest: (list: string, limit: number, after?: Place) => Promise<readonly PostingLine[]>;
  /** The earliest first. */
  within: (list: string, stretch: Stretch, limit: number, after?: Place) => Promise<readonly PostingLine[]>;
  /** The latest first. */
  byAuthor: (list: string, address: string, limit: number, after?: Place) => Promise<readonly PostingLine[]>;
  /** The earliest first: the first one is when it was first seen here. */
  mentions: (cveId: string, limit: number) => Promise<readonly PostingLine[]>;
  search: (list: string, query: SearchQuery, page: SearchPage) => Promise<SearchResult>;
}>;

export type PostingInThread = Readonly<{ posting: Posting; thread: readonly PostingLine[] }>;

export type SearchPage = Readonly<{
  limit: number;
  /** `newest` is the default of pages; `rank` orders the newest few hundred by how well they fit. */
  order: 'newest' | 'rank';
  after: Place | undefined;
}>;

export type SearchResult = Readonly<{
  postings: readonly PostingLine[];
  /** Where the next page begins, though this one may be short, as one page looks only so far; undefined at the end. */
  next: Place | undefined;
}>;
