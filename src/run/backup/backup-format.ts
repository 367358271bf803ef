/**
 * The form of a backup (docs/backup.md): gzip over lines of JSON. A header, then of each table a line with its columns
 * and a line for each row, then a trailer with counts and the SHA-256 of every byte before it. Nothing in it is readable
 * that is not in the database's clear columns (K3), and no key is (K6).
 */
import { z } from 'zod';
import { type Instant, parseInstant } from '../../time/instant.ts';

export const formatVersion = 1;

const short = z.string().max(400);
const instant = z.string().transform((text, context): Instant => {
  const read = parseInstant(text);
  if (read !== undefined) return read;
  context.addIssue({ code: 'custom', message: 'no instant' });
  return z.NEVER;
});
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const which = z.literal(['private', 'public']);
const migrations = z.array(z.strictObject({ name: short, digest })).max(10_000);

export const headerLine = z.strictObject({
  format: z.literal('embargod-backup'),
  version: z.literal(formatVersion),
  /** Everything that had been committed by then is in it. */
  at: instant,
  /** SHA-256 of the public key that the keyholder signs rows with: whose keys open it. */
  keyholder: digest,
  journal: z.strictObject({
    generation: z.int().min(1),
    size: z.int().min(0),
    head: digest,
  }),
  migrations: z.strictObject({ private: migrations, public: migrations }),
});
/** Of any version: enough to say that this program is too old for it. */
export const anyHeaderLine = z.looseObject({ format: z.literal('embargod-backup'), version: z.int() });

export const tableLine = z.strictObject({
  database: which,
  table: short,
  columns: z.array(short).max(1_600),
});
export const rowLine = z.array(z.string().nullable());
export const trailerLine = z.strictObject({ rows: z.record(z.string(), z.int()), sha256: digest });

export type BackupHeader = z.infer<typeof headerLine>;
export type TableLine = z.infer<typeof tableLine>;

/** `private.inbox`, as progress and trailer name a table. */
export function tableName({ database, table }: Pick<TableLine, 'database' | 'table'>): string {
  return `${database}.${table}`;
}
