/** The archive's tables as kysely sees them; migrations/public/0006-archive.sql is the truth. */
import type { ColumnType, GeneratedAlways } from 'kysely';

type Bytes = ColumnType<Buffer, Uint8Array, never>;

export type ArchiveTables = {
  archives: { list: string; postings: number; changed_at: Date };
  threads: {
    number: GeneratedAlways<number>;
    list: string;
    subject: string;
    started_at: Date;
    last_at: Date;
    postings: number;
  };
  postings: {
    number: GeneratedAlways<number>;
    list: string;
    message_id: string;
    digest: Bytes;
    posted_at: Date;
    /** `YYYY-MM-DD` goes in and comes out: read with `to_char`, as pg makes a local Date of a date. */
    day: ColumnType<Date, string, never>;
    day_number: number;
    thread: number;
    subject: string;
    author_name: string | null;
    author_address: string | null;
    answers: ColumnType<string[], readonly string[], never>;
    size: number;
    has_patch: boolean;
  };
  posting_raws: { number: number; raw: Bytes };
  posting_texts: { number: number; posted_at: Date; parts: string; words: string };
  thread_ids: { list: string; message_id: string; thread: number };
  archive_months: { list: string; month: ColumnType<Date, string, never>; postings: number };
  cve_mentions: { cve_id: string; posted_at: Date; number: number };
};
