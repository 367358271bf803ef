import { mergeCertificate } from '../../adapters/openpgp/merge-certificate.ts';
import { emptyPlan } from '../../message/plan.ts';
import { emptyMemory, withdrawAgain } from '../../message/restore/roster-memory.ts';
import { isNewGeneration } from './journal-fold.ts';
import { type Keyholder, settle } from './settle.ts';

/**
 * T6: the first act on a restored database says in the journal that it was restored, and takes away again what was
 * taken away since the backup (I12). From then on it is frozen. The guard has let only that generation pass which
 * `restore` wrote beside the keys.
 */
export async function beginGeneration(keyholder: Keyholder): Promise<void> {
  const { fold, tools } = keyholder;
  const memory = await tools.guard.rememberedRoster();
  const note = await tools.guard.restoreNote();
  await settle(
    keyholder,
    async ({ knowledge, now }) => {
      if (!isNewGeneration(fold.head(), knowledge)) return undefined;
      const { generation, size } = fold.head();
      const told = note?.generation === generation ? note : undefined;
      const { told: withdrawn, ...again } = withdrawAgain(memory ?? emptyMemory, knowledge.roster, {
        now,
        merge: mergeCertificate,
      });
      tools.log('warn', 'database-restored', { generation, withdrawn: withdrawn.length });
      const restored = {
        kind: 'database-restored',
        generation,
        at: told?.at ?? now,
        backupAt: told?.backupAt,
        sizeBefore: told?.sizeBefore,
        size,
        withdrawn,
        lost: fold.lost(),
      } as const;
      return { plan: { ...emptyPlan, ...again, events: [restored, ...again.events] } };
    },
    tools.store.commit,
  );
}
