import { done, type Execute, refused } from './execution.ts';
import type { Request } from './request.ts';

export const retriable: readonly string[] = ['deferred', 'failed', 'uncertain'];
const ending = 'tried again';

/**
 * Queues a copy again. The copy is what it was: no reader is added, and `sender` checks it as ever (P5). The task to
 * mend it ends; should it fail once more, that is a new one. What was sent is never sent again, bounced or not (I1).
 */
export const outboxRetry: Execute<Extract<Request, { kind: 'outbox-retry' }>> = async ({ id }, _, tools) => {
  const row = await tools.outboxRow(id);
  if (!row) return refused(`There is no outbox row ${id}. See: embargod outbox list`);
  if (!retriable.includes(row.state)) {
    return refused(`Row ${id} is ${row.state}; only ${retriable.join(', ')} rows can be tried again.`);
  }
  const tasks = (await tools.openObligations()).filter((one) => one.subject === id);
  return done(
    [`${id} is queued again, for ${row.recipient}.`],
    { id, state: 'queued' },
    {
      events: [
        { kind: 'copy-retried', outboxId: id },
        ...tasks.map((task) => ({ kind: 'obligation-settled', obligation: task.id, ending }) as const),
      ],
      obligationsSettled: tasks.map((task) => ({ id: task.id, ending })),
      outboxUpdates: [{ row: { ...row, state: 'queued' } }],
    },
  );
};
