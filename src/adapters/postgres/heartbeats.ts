/**
 * Heartbeats: each process writes its own row every few seconds, by the database's clock; `sender` reads all of them.
 * Row security lets no process speak for another.
 */
import { Pool, type PoolConfig } from 'pg';
import type { Duration, Instant } from '../../time/instant.ts';

export type Beat = Readonly<{
  process: 'intake' | 'keyholder' | 'sender' | 'public-keeper' | 'public-site';
  /** The machine: lower-case letters, digits and hyphens. */
  instance: string;
  version: string;
  /** `frozen`: it takes mail in and does nothing with it, until somebody confirms (T6). */
  note: BeatNote;
  /** The process's own clock, for comparison with the database's; read when the connection is there. */
  clock: () => Instant;
}>;

export type BeatNote = '' | 'frozen';

export type HeartbeatStore = Readonly<{ beat: (beat: Beat) => Promise<void>; close: () => Promise<void> }>;

/** A database that does not answer must not hold a heartbeat back for ever: the next one comes soon. */
const patience = 10_000;

/** One connection of its own, so that no work of the process delays it. */
export function openHeartbeatStore(config: PoolConfig): HeartbeatStore {
  const pool = smallPool(config);
  return {
    beat: async ({ process, instance, version, note, clock }) => {
      const client = await pool.connect();
      let well = false;
      try {
        // Now, and not before: a busy machine may take seconds to connect, which would look like a wrong clock.
        const values = [process, instance, version, new Date(clock()), note];
        // DEFAULT is the database's now().
        const updated = await client.query(
          'UPDATE heartbeats SET at = DEFAULT, version = $3, clock = $4, note = $5 WHERE process = $1 AND instance = $2',
          values,
        );
        if (!updated.rowCount) {
          await client.query(
            'INSERT INTO heartbeats (process, instance, version, clock, note) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING',
            values,
          );
        }
        well = true;
      } finally {
        // A query that was given up may still be on its way: that connection is of no more use.
        client.release(!well);
      }
    },
    close: () => pool.end(),
  };
}

export type Heard = Readonly<{
  process: string;
  instance: string;
  version: string;
  note: string;
  age: Duration;
  /** Positive: its clock was ahead of the database's when it last spoke. */
  clockAhead: Duration;
}>;

export type HeartbeatReader = Readonly<{
  heartbeats: () => Promise<readonly Heard[]>;
  close: () => Promise<void>;
}>;

/** A machine that was taken away for good is not missed for ever. */
const forgottenAfter = '7 days';

export function openHeartbeatReader(configs: readonly PoolConfig[]): HeartbeatReader {
  const pools = configs.map(smallPool);
  return {
    heartbeats: async () => (await Promise.all(pools.map(readAll))).flat(),
    close: async () => {
      await Promise.all(pools.map((pool) => pool.end()));
    },
  };
}

type Row = Readonly<{
  process: string;
  instance: string;
  version: string;
  note: string;
  age: number;
  ahead: number;
}>;

async function readAll(pool: Pool): Promise<readonly Heard[]> {
  const { rows } = await pool.query<Row>(
    `SELECT process, instance, version, note,
       greatest(0, extract(epoch FROM now() - at) * 1000)::float8 AS age,
       (extract(epoch FROM clock - at) * 1000)::float8 AS ahead
     FROM heartbeats WHERE at > now() - $1::interval ORDER BY process, instance`,
    [forgottenAfter],
  );
  return rows.map(({ process, instance, version, note, age, ahead }) => ({
    process,
    instance,
    version,
    note,
    age,
    clockAhead: ahead,
  }));
}

export function smallPool(config: PoolConfig): Pool {
  const pool = new Pool({ ...config, max: 1, query_timeout: patience, connectionTimeoutMillis: patience });
  pool.on('error', () => undefined);
  // One that is lost in the middle of a query is told to whoever asked, and to nobody else.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}
