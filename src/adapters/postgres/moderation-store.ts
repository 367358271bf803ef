/** What the operator sees and asks in the public database (P7): mail to public lists that waits, and its own requests. */
import { sql } from 'kysely';
import type { PoolConfig } from 'pg';
import type { Instant } from '../../time/instant.ts';
import { openConnection } from './connection.ts';
import { toInstant } from './row-shapes.ts';
import type { PublicTables } from './tables.ts';
import { openWake } from './wake.ts';

export type HeldPosting = Readonly<{
  id: string;
  lists: readonly string[];
  receivedAt: Instant;
  size: number;
  state: 'waiting' | 'held' | 'done' | 'refused';
  heldFor: readonly string[];
  /** Its beginning: header and some text. */
  beginning: Uint8Array;
}>;

export type ModerationAnswer =
  | Readonly<{ kind: 'done' | 'refused'; answer: string }>
  | Readonly<{ kind: 'no-answer' }>;

export type ModerationAsk = Readonly<{ id: string; statement: string; signature: Uint8Array }>;

export type ModerationStore = Readonly<{
  /** The oldest first; of one list, or of all. */
  held: (list: string | undefined) => Promise<readonly HeldPosting[]>;
  /** Whatever became of it; its raw mail is whole. */
  mail: (id: string) => Promise<HeldPosting | undefined>;
  /** Hands a signed request over and waits so many milliseconds at most for the answer. */
  ask: (request: ModerationAsk, longest: number) => Promise<ModerationAnswer>;
  close: () => Promise<void>;
}>;

/** A line of a list needs the header; a header that is longer is shown as far as this. */
const beginningOfMail = 32 * 1024;
/** Attack: a flood of held mail would fill the memory and the screen of who looks. */
export const mostListed = 500;
/** How often to look even when nobody notifies. */
const lookEvery = 1_000;

export function openModerationStore(config: PoolConfig): ModerationStore {
  const { query, close } = openConnection<PublicTables>(config);
  const wake = openWake(config, 'embargod_operator');
  const columns = ['id', 'lists', 'received_at', 'state', 'held_for'] as const;
  const mails = () => query.selectFrom('inbox').select(columns).select(sql<number>`length(raw)`.as('size'));

  async function answerTo(id: string): Promise<ModerationAnswer | undefined> {
    const row = await query
      .selectFrom('requests')
      .select(['state', 'answer'])
      .where('id', '=', id)
      .executeTakeFirst();
    if (!row || row.answer === null || row.state === 'waiting') return undefined;
    return { kind: row.state, answer: row.answer };
  }

  return {
    held: async (list) => {
      const beginning = sql<Buffer>`substring(raw from 1 for ${sql.lit(beginningOfMail)})`.as('beginning');
      const waiting = mails().select(beginning).where('kind', '=', 'mail').where('state', '=', 'held');
      const chosen = list === undefined ? waiting : waiting.where(sql<boolean>`${list} = ANY(lists)`);
      const rows = await chosen.orderBy('received_at').orderBy('id').limit(mostListed).execute();
      return rows.map(heldPosting);
    },
    mail: async (id) => {
      const one = mails().select('raw as beginning').where('kind', '=', 'mail').where('id', '=', id);
      const row = await one.executeTakeFirst();
      return row && heldPosting(row);
    },
    ask: async (request, longest) => {
      await query.transaction().execute(async (transaction) => {
        await transaction.insertInto('requests').values(request).execute();
        await sql`NOTIFY embargod_public`.execute(transaction);
      });
      const end = performance.now() + longest;
      for (;;) {
        const answer = await answerTo(request.id);
        const left = end - performance.now();
        if (answer || left <= 0) return answer ?? { kind: 'no-answer' };
        await wake.wait(Math.min(left, lookEvery));
      }
    },
    close: async () => {
      await wake.close();
      await close();
    },
  };
}

type HeldRow = Readonly<{
  id: string;
  lists: string[];
  received_at: Date;
  state: HeldPosting['state'];
  held_for: string[];
  size: number;
  beginning: Uint8Array;
}>;

function heldPosting({ id, lists, received_at, state, held_for, size, beginning }: HeldRow): HeldPosting {
  return { id, lists, receivedAt: toInstant(received_at), size, state, heldFor: held_for, beginning };
}
