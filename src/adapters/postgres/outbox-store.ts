/**
 * Sender's side of the private outbox. It promises: any number of senders never hold a row together, and a recorded
 * delivery is never repeated, whatever dies between its record and the end of its batch (I1).
 */
import { type RawBuilder, sql } from 'kysely';
import type { PoolConfig } from 'pg';
import type { OutboxStore } from '../../message/door-ports.ts';
import type { Alignment, ReaderRow } from '../../message/ports.ts';
import { type Connection, openConnection } from './connection.ts';
import { withDueRows } from './due-rows.ts';
import { gather } from './gather.ts';
import { lengthOf, pieceOf, readInPieces } from './read-in-pieces.ts';
import { recordOutcomes } from './record-outcomes.ts';
import { readerRow } from './row-shapes.ts';
import type { PrivateTables } from './tables.ts';
import { openWake } from './wake.ts';

export type OpenOutboxStore = OutboxStore & Readonly<{ close: () => Promise<void> }>;

export function openOutboxStore(config: PoolConfig): OpenOutboxStore {
  const connection = openConnection<PrivateTables>(config);
  const wake = openWake(config, 'embargod_sender');
  const { query } = connection;
  const record = recordOutcomes(connection);
  return {
    withDueRows: (limit, now, work) => withDueRows({ connection, record, limit, now, work }),
    bodyParts: (bodyId, alignment) => bodyParts(connection, bodyId, alignment),
    permit: (id) => query.selectFrom('permits').selectAll().where('id', '=', id).executeTakeFirst(),
    reader: gather((ids: readonly string[]) => readersNow(connection, ids), readersPerStatement),
    waitForWork: (longest) => wake.wait(longest),
    close: async () => {
      await wake.close();
      await connection.close();
    },
  };
}

const readersPerStatement = 100;

/** As they are at this moment (P5): read when they are asked for, never kept. */
async function readersNow(
  { query }: Connection<PrivateTables>,
  ids: readonly string[],
): Promise<readonly (ReaderRow | undefined)[]> {
  const rows = await query
    .selectFrom('readers')
    .selectAll()
    .where(sql<boolean>`id = any(${ids}::text[])`)
    .execute();
  const byId = new Map(rows.map((row) => [row.id, readerRow(row)]));
  return ids.map((id) => byId.get(id));
}

/**
 * The tail travels as text: it is base64 lines, and `bytea` would be sent as twice as many hexadecimal digits.
 * Were it anything else, the bytes would differ from those the permit names, and the row would be held (P5).
 */
async function bodyParts(
  { query }: Connection<PrivateTables>,
  bodyId: string,
  alignment: Alignment,
): ReturnType<OutboxStore['bodyParts']> {
  const row = await query
    .selectFrom('bodies')
    .innerJoin('body_tails', 'body_tails.body_id', 'bodies.id')
    .select([
      'bodies.envelope_head',
      'bodies.envelope_end',
      tailText(0).as('tail'),
      lengthOf('body_tails.bytes'),
    ])
    .where('bodies.id', '=', bodyId)
    .where('body_tails.alignment', '=', alignment)
    .executeTakeFirst();
  if (!row) return undefined;
  const tail = await readInPieces(Buffer.from(row.tail, 'latin1'), row.length, async (start) => {
    const piece = await query
      .selectFrom('body_tails')
      .select(tailText(start).as('text'))
      .where('body_id', '=', bodyId)
      .where('alignment', '=', alignment)
      .executeTakeFirst();
    return piece && Buffer.from(piece.text, 'latin1');
  });
  return tail && { envelopeHead: row.envelope_head, tail, envelopeEnd: row.envelope_end };
}

function tailText(start: number): RawBuilder<string> {
  return sql`convert_from(${pieceOf('body_tails.bytes', start)}, 'UTF8')`;
}
