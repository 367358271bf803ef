import type { ClientBase } from 'pg';
import type { JournalHead } from '../../../message/ports.ts';

/**
 * I12: what makes a restored private database another one than the backup's. Nothing that was on its way leaves by
 * itself, no request that waited is carried out, and no mail comes in before the keyholder has made doors to keys that
 * it has today.
 */
export async function makeNewGeneration(client: ClientBase, generation: number): Promise<JournalHead> {
  await client.query(`UPDATE outbox SET state = 'uncertain' WHERE state IN ('queued', 'deferred', 'parked')`);
  await client.query(`UPDATE requests SET state = 'refused' WHERE state = 'waiting'`);
  await client.query('DELETE FROM doors');
  // Who worked then does not now, and no monitoring shall wait for them.
  await client.query('DELETE FROM heartbeats');
  const { rows } = await client.query<{ size: string; head: Buffer }>(
    'UPDATE journal_head SET generation = $1 RETURNING size, head',
    [generation],
  );
  const [row] = rows;
  if (!row) throw new RangeError('The journal of the backup has no head.');
  return { generation, size: Number(row.size), head: row.head };
}

/** Of the database that is about to be replaced; undefined where there is none yet, or it cannot be read. */
export async function generationOf(client: ClientBase): Promise<number | undefined> {
  const there = await client.query<{ there: boolean }>(
    `SELECT to_regclass('public.journal_head') IS NOT NULL AS there`,
  );
  if (!there.rows[0]?.there) return undefined;
  const { rows } = await client.query<{ generation: number }>('SELECT generation FROM journal_head');
  return rows[0]?.generation;
}
