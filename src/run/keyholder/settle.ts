import type { Desk } from '../../message/desk.ts';
import type { SessionKey } from '../../message/open/opened.ts';
import type { Plan } from '../../message/plan.ts';
import type { CommitResult, Step } from '../../message/ports.ts';
import { sealPlan } from '../../message/seal/seal-plan.ts';
import { epochOf } from './epoch.ts';
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
  const { fold, tools } = keyholder;
  for (;;) {
    await fold.catchUp();
    const desk = deskOf(keyholder);
    const decision = await decide(desk);
    if (!decision) return false;
    const sealed = await sealPlan(decision.plan, desk, fold.head(), sealingTools(desk, tools));
    const step = { ...sealed.step, ...decision.also };
    if ((await commit(step)) === 'committed') {
      await fold.committed(sealed.events, sealed.head);
      return true;
    }
  }
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

/** Associated data of a body's home packet (K4). */
export function homeContext(bodyId: string): string {
  return `home ${bodyId}`;
}

function sealingTools({ now }: Desk, { keys, sealToSender, sha256, chance }: KeyholderTools) {
  const epoch = epochOf(now);
  return {
    sealing: keys.sealing,
    sign: keys.sign,
    sealToSender,
    journal: {
      sha256,
      epoch,
      randomBytes: chance.bytes,
      sealRecord: (plaintext: Uint8Array, context: string) => keys.sealRecord(epoch, plaintext, context),
    },
    sealHome: (sessionKey: SessionKey, bodyId: string) =>
      keys.sealRecord(epoch, writeSessionKey(sessionKey), homeContext(bodyId)),
  };
}
