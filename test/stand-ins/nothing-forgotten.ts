/** Promise 2, asked of the database at the end of a story: whatever waits has an owner and a time (I5, I6, T8). */
import assert from 'node:assert/strict';
import type { RunningList } from './running-list.ts';

const open = `SELECT FROM obligations o WHERE o.settled_at IS NULL AND o.owner <> '' AND o.due_at > o.opened_at`;

/** Each finds what nobody would think of again; none may find anything. */
const forgotten: Readonly<Record<string, string>> = {
  'an open case without its publishing': `SELECT number FROM cases c WHERE state = 'open'
     AND NOT EXISTS (${open} AND o.subject = c.number AND o.kind = 'publish')`,
  'a held mail without an obligation': `SELECT id FROM inbox i WHERE state = 'held'
     AND NOT EXISTS (${open} AND o.subject = i.id)`,
  'a waiting mail without owner or time': `SELECT id FROM inbox WHERE state = 'waiting'
     AND (owner = '' OR judge_by <= received_at)`,
  'a copy that did not arrive': `SELECT id FROM outbox r WHERE state IN ('failed', 'held')
     AND NOT EXISTS (${open} AND o.subject = r.id)`,
  'a reader whose mail is parked': `SELECT id FROM outbox r WHERE state = 'parked'
     AND NOT EXISTS (${open} AND o.subject = r.reader_id)`,
  'a decision asked for that was made': `SELECT o.id FROM obligations o JOIN inbox i ON i.id = o.subject
     WHERE o.settled_at IS NULL AND i.state <> 'held'`,
};

/** `query` as superuser, on the private database. */
export async function nothingUnowned(query: RunningList['query']): Promise<void> {
  for (const [what, sql] of Object.entries(forgotten)) {
    assert.deepEqual(await query(sql), [], `There is ${what}.`);
  }
}

export async function nothingForgotten(list: RunningList): Promise<void> {
  await nothingUnowned(list.query);
  const verified = await list.order({ kind: 'journal-verify' });
  assert.match(verified.text.join(), /^The journal verifies: [1-9]/);
}
