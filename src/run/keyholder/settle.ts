import type { Desk } from '../../message/desk.ts';
import type { Plan } from '../../message/plan.ts';
import type { Epoch } from '../../message/ports.ts';
import type { CommitResult, Step } from '../../message/private-store-port.ts';
import { sealPlan } from '../../message/seal/seal-plan.ts';
import type { SealPlanTools } from '../../message/seal/sealing-tools.ts';
import { endEpochs } from './end-epochs.ts';
import { currentEpochs } from './epoch.ts';
import { homeContext } from './home-context.ts';
import type { JournalFold } from './journal-fold.ts';
import type { KeyholderTools } from './keyholder-tools.ts';
import { writeSessionKey } from './session-key-text.ts';

/** A plan, and what goes into the same transaction besides. */
export type Decision = Readonly<{ plan: Plan; also?: Partial<Step> }>;

export type Decide = (desk: Desk) => Promise<Decision | undefined>;

/** The keyholder's memory and its tools: what all of its work is done with. */
export type Keyholder = Readonly<{ fold: JournalFold; tools: KeyholderTools }>;

/**
 * Decides on what is known, seals, and commits against the journal as it was then. When another keyholder was faster,
 * the tail is read and everything decided again: nobody acts on a stale roster. False when there was nothing to do.
 */
export async function settle(
  keyholder: Keyholder,
  decide: Decide,
  commit: (step: Step) => Promise<CommitResult>,
): Promise<boolean> {
  const { fold } = keyholder;
  for (;;) {
    await catchUp(keyholder);
    const desk = deskOf(keyholder);
    const decision = await decide(desk);
    if (!decision) return false;
    const sealed = await sealPlan(
      decision.plan,
      desk,
      fold.head(),
      sealingTools(keyholder, desk, decision.plan.epochsEnd),
    );
    const step = { ...sealed.step, ...decision.also };
    if ((await commit(step)) === 'committed') {
      await fold.committed(sealed.events, sealed.head);
      return true;
    }
  }
}

/** What another keyholder did, and what that means for the keys that lie here. */
export async function catchUp({ fold, tools }: Keyholder): Promise<void> {
  await fold.catchUp();
  await tools.keys.followJournal(fold.knowledge.roster.mailKeys);
}

export function deskOf({ fold, tools }: Keyholder): Desk {
  return {
    domain: tools.domain,
    knowledge: fold.knowledge,
    now: tools.clock(),
    chance: tools.chance,
    token: tools.keys.token,
    base64: tools.base64,
  };
}

/** Epochs that nothing new may rest under: the journal says so, or the key directory of a restored one (T6). */
export function endedEpochs({ fold, tools }: Keyholder): ReadonlySet<Epoch> {
  return new Set([...fold.knowledge.endedEpochs, ...tools.keys.endedEpochs()]);
}

/** `ending`: epochs that end in this very step, so that already its own entries rest under the next. */
function sealingTools(
  keyholder: Keyholder,
  { now, knowledge }: Desk,
  ending: readonly Epoch[],
): SealPlanTools {
  const { keys, sealToSender, sha256, chance } = keyholder.tools;
  const epochs = currentEpochs(now, new Set([...endedEpochs(keyholder), ...ending]));
  return {
    sealing: keys.sealing,
    sign: keys.sign,
    sealToSender,
    journal: { sha256, epochs, randomBytes: chance.bytes, sealRecord: keys.sealRecord },
    sealHome: (sessionKey, bodyId) =>
      keys.sealRecord(epochs.month, writeSessionKey(sessionKey), homeContext(bodyId)),
    endEpochs: (ended) => endEpochs(ended, { epochs, keys, lists: new Set(knowledge.roster.lists.keys()) }),
  };
}
