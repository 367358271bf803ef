import { type Kysely, sql } from 'kysely';
import type { Sealed } from '../../message/ports.ts';
import type { RequestRow } from '../../message/private-store-port.ts';
import { sealedBytes } from './row-shapes.ts';
import type { PrivateTables } from './tables.ts';
import type { Wake } from './wake.ts';

export type OperatorAnswer =
  | Readonly<{ kind: 'done' | 'refused'; answer: Sealed }>
  | Readonly<{ kind: 'no-answer' }>;

/** How often to look even when nobody notifies. */
const lookEvery = 1_000;

type Asking = Readonly<{ query: Kysely<PrivateTables>; wake: Wake; request: RequestRow; longest: number }>;

/** `no-answer` leaves the request waiting: the keyholder carries it out when it runs again. */
export async function askAndWait({ query, wake, request, longest }: Asking): Promise<OperatorAnswer> {
  await query.transaction().execute(async (transaction) => {
    await transaction.insertInto('requests').values({ id: request.id, sealed: request.sealed }).execute();
    await sql`NOTIFY embargod_keyholder`.execute(transaction);
  });
  const end = performance.now() + longest;
  for (;;) {
    const answer = await readAnswer(query, request.id);
    const left = end - performance.now();
    if (answer || left <= 0) return answer ?? { kind: 'no-answer' };
    await wake.wait(Math.min(left, lookEvery));
  }
}

async function readAnswer(query: Kysely<PrivateTables>, id: string): Promise<OperatorAnswer | undefined> {
  const row = await query
    .selectFrom('requests')
    .select(['state', 'answer'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row?.answer || row.state === 'waiting') return undefined;
  return { kind: row.state, answer: sealedBytes(row.answer) };
}
