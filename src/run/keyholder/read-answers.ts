import { codeOf } from '../../adapters/log/log.ts';
import { mergeCertificate } from '../../adapters/openpgp/merge-certificate.ts';
import type { UnreadAnswer } from '../../message/look-up/key-lookup.ts';
import { type AnswerTools, takeAnswer } from '../../message/look-up/take-answer.ts';
import { hour, later } from '../../time/instant.ts';
import { isEnvironmentFault } from './environment-fault.ts';
import { JournalFault } from './journal-guard.ts';
import { deskOf, type Keyholder, settle } from './settle.ts';

/** A certificate made to hang its reader costs some 40 s: the tick has other things to do. */
const answersPerTick = 10;
/** A sender taken over could write answers as fast as it likes; each person's is read twice a day at most. */
const readEvery = 12 * hour;

/** Says whose key directory is to be asked, and takes what has been answered; `sender` does the asking (P6). */
export async function readAnswers(keyholder: Keyholder): Promise<void> {
  try {
    await readUnread(keyholder);
  } catch (error) {
    if (error instanceof JournalFault) throw error;
    // Sender may write in these rows, and so keep them locked: that must cost one tick a minute, and not each round (T8).
    keyholder.tools.log('error', 'key-answer-not-taken', { code: codeOf(error) });
  }
}

async function readUnread(keyholder: Keyholder): Promise<void> {
  const { store } = keyholder.tools;
  const { knowledge, now } = deskOf(keyholder);
  const people = [...knowledge.roster.representatives.values()].filter(
    ({ standing }) => standing === 'active',
  );
  await store.answers.seek(
    people.map(({ id, address }) => ({ readerId: id, address })),
    now,
  );
  for (const answer of await store.answers.unread(answersPerTick, later(now, -readEvery))) {
    if (!(await take(answer, keyholder))) return;
    await store.answers.markRead(answer.readerId, now);
  }
}

/** False when the machine, or a lock that sender keeps, did not let it be taken: at the next tick, then. */
async function take(answer: UnreadAnswer, keyholder: Keyholder): Promise<boolean> {
  const { store, keys, examine, log } = keyholder.tools;
  const tools: AnswerTools = {
    read: (bytes, at) => examine(bytes, at, 'own-word'),
    merge: mergeCertificate,
    use: keys.sealing.use,
  };
  try {
    await settle(
      keyholder,
      async (desk) => {
        const plan = await takeAnswer(answer, desk, tools);
        return plan && { plan };
      },
      store.commit,
    );
    return true;
  } catch (error) {
    if (error instanceof JournalFault) throw error;
    if (isEnvironmentFault(error)) return false;
    // One that breaks its reading is done with, or it would come first at each tick.
    log('error', 'key-answer-not-taken', { code: codeOf(error) });
    return true;
  }
}
