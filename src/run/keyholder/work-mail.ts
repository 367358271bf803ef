import { codeOf } from '../../adapters/log/log.ts';
import type { Desk } from '../../message/desk.ts';
import { handleMessage } from '../../message/handle-message.ts';
import { holdBroken } from '../../message/hold/hold-broken.ts';
import type { Plan } from '../../message/plan.ts';
import type { InboxRow } from '../../message/ports.ts';
import type { Instant } from '../../time/instant.ts';
import { isEnvironmentFault } from './environment-fault.ts';
import { JournalFault } from './journal-guard.ts';
import type { KeyholderTools } from './keyholder-tools.ts';
import { type Keyholder, settle } from './settle.ts';
import { verificationCertificates } from './verification-certificates.ts';

/** After as many attempts, a mail that breaks the handling itself is held for a person (T8, I5). */
const attemptsBeforeHolding = 3;

/** Handles the oldest waiting mail; false when none waits. */
export async function workMail(keyholder: Keyholder): Promise<boolean> {
  const { tools } = keyholder;
  const handled = await tools.store.withInboxItem(async (row, commit, excuse) => {
    const hold = () =>
      settle(
        keyholder,
        async (desk) => ({
          plan: holdBroken({ ...row, receivedAt: notLater(row.receivedAt, desk.now) }, desk),
        }),
        commit,
      );
    // Its attempts have all ended with the process, or it would be held already: a further one would end there too.
    if (row.attempts > attemptsBeforeHolding) return hold();
    try {
      await settle(keyholder, async (desk) => ({ plan: await plan(row, desk, tools) }), commit);
    } catch (error) {
      tools.log('error', 'mail-not-handled', { id: row.id, count: row.attempts, code: codeOf(error) });
      if (error instanceof JournalFault) throw error;
      if (isEnvironmentFault(error)) {
        await excuse().catch(() => undefined);
        throw error;
      }
      if (row.attempts >= attemptsBeforeHolding) await hold();
    }
    return true;
  });
  return handled ?? false;
}

/** Attack: intake, taken over, dates a mail in a year to come, and no deadline for it ever ends (I6). */
function notLater(at: Instant, now: Instant): Instant {
  return at < now ? at : now;
}

async function plan(row: InboxRow, desk: Desk, tools: KeyholderTools): Promise<Plan> {
  const joined = await tools.keys.openInbox(row.lists[0] ?? '', row.epoch, row.sealed);
  return handleMessage({ inboxId: row.id, receivedAt: notLater(row.receivedAt, desk.now), joined }, desk, {
    open: (raw) =>
      tools.open(
        {
          raw,
          listKeyIds: tools.keys.listKeyIds(),
          certificates: verificationCertificates(desk.knowledge, tools.keys.listCertificates()),
          now: desk.now,
        },
        tools.keys.askSessionKey,
      ),
    rowByReturnPath: tools.store.outboxRowByReturnPath,
  });
}
