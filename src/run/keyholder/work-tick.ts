import { advance } from '../../message/advance.ts';
import { checkPermit, readPermit } from '../../message/deliver/check-copy.ts';
import { retireListKeys } from '../../message/list-key/retire-list-keys.ts';
import { endingCertificates } from '../../message/notice/ending-certificates.ts';
import { emptyPlan } from '../../message/plan.ts';
import type { OutboxRow } from '../../message/ports.ts';
import { settleLapsedProofs } from '../../message/prove/settle-lapsed-proofs.ts';
import { isFrozen } from '../../message/restore/restored.ts';
import { wrapLate } from '../../message/seal/late-wrap.ts';
import { currentEpochs } from './epoch.ts';
import { homeContext } from './home-context.ts';
import { JournalFault } from './journal-guard.ts';
import type { KeyholderTools } from './keyholder-tools.ts';
import { readAnswers } from './read-answers.ts';
import { readSessionKey } from './session-key-text.ts';
import { catchUp, deskOf, endedEpochs, type Keyholder, settle } from './settle.ts';

/**
 * What time brings (DESIGN §4): the month's new storage keys, deliveries in trouble, late wraps, the daily digest, what
 * key directories have said.
 */
export async function workTick(keyholder: Keyholder): Promise<void> {
  await renewStorageKeys(keyholder);
  // T6: a frozen database takes mail in, and sends nothing.
  if (isFrozen(keyholder.fold.knowledge)) return;
  const faults: unknown[] = [];
  // What one of them cannot do, for now or for ever, keeps no other from its work (T8).
  for (const step of [advanceOnce, retireKeysOnce, wrapWhatWasParked, readAnswers])
    await step(keyholder).catch((error: unknown) => {
      if (error instanceof JournalFault) throw error;
      faults.push(error);
    });
  if (faults.length > 0) throw faults[0];
}

async function advanceOnce(keyholder: Keyholder): Promise<void> {
  const { store, keys } = keyholder.tools;
  await settle(
    keyholder,
    async (desk) => {
      // Read after the journal, each time: what another keyholder has dealt with meanwhile is not told twice.
      const troubled = await store.troubledDeliveries();
      const parked = await store.parkedReaders();
      const obligations = await store.openObligations();
      const ending = await endingCertificates(desk, keys.sealing.use);
      const plan = advance({ troubled, parked, obligations, ending }, desk);
      return plan.events.length > 0 ? { plan } : undefined;
    },
    store.commit,
  );
}

/** Replaced mail keys whose grace is over, and proofs that are asked of nobody any more. */
async function retireKeysOnce(keyholder: Keyholder): Promise<void> {
  const { store } = keyholder.tools;
  const retired = await settle(
    keyholder,
    async (desk) => {
      const plan = retireListKeys(await store.oldestWaiting(), desk);
      return plan && { plan };
    },
    store.commit,
  );
  if (retired) await catchUp(keyholder);
  await settle(
    keyholder,
    async (desk) => {
      const plan = settleLapsedProofs(await store.openObligations(), desk);
      return plan && { plan };
    },
    store.commit,
  );
}

async function wrapWhatWasParked(keyholder: Keyholder): Promise<void> {
  const { tools } = keyholder;
  const { store, keys } = tools;
  for (const { readerId } of await store.parkedReaders()) {
    await settle(
      keyholder,
      async (desk) => {
        const plan = await wrapLate(readerId, desk, {
          sealing: keys.sealing,
          parkedFor: store.parkedFor,
          isPermitted: (row) => isPermitted(row, tools),
          body: store.body,
          openHome: async (body) =>
            readSessionKey(await keys.openRecord(body.homeEpoch, body.home, homeContext(body.id))),
        });
        return plan && { plan };
      },
      store.commit,
    );
  }
}

/** K1: a new month, new storage keys; the doors then say so to intake. */
export async function renewStorageKeys(keyholder: Keyholder): Promise<void> {
  const { fold, tools } = keyholder;
  const { now } = deskOf(keyholder);
  const epoch = currentEpochs(now, endedEpochs(keyholder)).month;
  const known = await tools.store.doorEpochs();
  // Never back to an older month: after a clock that was ahead, intake would take the older door for a replay (T6).
  const stale = [...fold.knowledge.roster.lists.values()].filter(
    (list) => (known.get(list.name) ?? '') < epoch,
  );
  if (stale.length === 0) return;
  const doors = await Promise.all(stale.map((list) => tools.keys.ensureList(list, epoch, now)));
  await settle(keyholder, async () => ({ plan: { ...emptyPlan, doors } }), tools.store.commit);
}

async function isPermitted(row: OutboxRow, { store, keys, sha256 }: KeyholderTools): Promise<boolean> {
  const permit = await store.permit(row.permitId);
  const tools = { verify: keys.verify, sha256 };
  return checkPermit(row, permit && readPermit(permit, tools), tools) === undefined;
}
