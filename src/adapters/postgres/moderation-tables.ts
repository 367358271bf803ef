/** Moderation's tables as kysely sees them; migrations/public/0007-moderation.sql is the truth. */
import type { ColumnType, Generated } from 'kysely';

export type ModerationTables = {
  requests: {
    id: string;
    created_at: Generated<Date>;
    statement: string;
    signature: ColumnType<Buffer, Uint8Array, never>;
    state: Generated<'waiting' | 'done' | 'refused'>;
    answer: ColumnType<string | null, never, string>;
  };
  moderation_decisions: {
    mail: string;
    request: string;
    verdict: 'passed' | 'refused';
    decided_by: string;
    decided_at: Date;
    reason: string;
  };
  attempts: { subject: string; attempts: number };
  known_authors: { list: string; address: string; since: Date; mail: string };
};
