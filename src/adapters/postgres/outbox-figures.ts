import type { PoolConfig } from 'pg';
import type { Duration } from '../../time/instant.ts';
import { smallPool } from './heartbeats.ts';

/** Copies and notices that have not left, by state; of no case, list or reader. */
export type OutboxFigures = Readonly<{
  counts: ReadonlyMap<string, number>;
  /** Age of the oldest one that is still to be tried; undefined when there is none. */
  oldest: Duration | undefined;
}>;

export type OutboxFiguresReader = Readonly<{
  figures: () => Promise<OutboxFigures>;
  close: () => Promise<void>;
}>;

type Row = Readonly<{ state: string; count: number; oldest: number }>;

/** For `sender`: the states come from one small index, however long the outbox has grown. */
export function openOutboxFigures(config: PoolConfig): OutboxFiguresReader {
  const pool = smallPool(config);
  return {
    figures: async () => {
      const { rows } = await pool.query<Row>(
        `SELECT state, count(*)::int AS count,
           (extract(epoch FROM now() - min(created_at)) * 1000)::float8 AS oldest
         FROM outbox WHERE state NOT IN ('sent', 'cancelled') GROUP BY state`,
      );
      const leaving = rows.filter(({ state }) => state === 'queued' || state === 'deferred');
      return {
        counts: new Map(rows.map(({ state, count }) => [state, count])),
        oldest: leaving.length === 0 ? undefined : Math.max(0, ...leaving.map(({ oldest }) => oldest)),
      };
    },
    close: () => pool.end(),
  };
}
