import { isDeepStrictEqual } from 'node:util';
import type { Roster } from '../../membership/roster.ts';
import { emptyMemory, type RosterMemory, remembering } from '../../message/restore/roster-memory.ts';
import type { JournalFold } from './journal-fold.ts';
import { JournalFault, type JournalGuard } from './journal-guard.ts';

/**
 * The fold, keeping who may read beside the keys at each change (I12). It begins where nothing more is to be taken from
 * that memory: what an older roster says must not be written into it before.
 */
export async function rememberRoster(fold: JournalFold, guard: JournalGuard): Promise<JournalFold> {
  let memory = (await guard.rememberedRoster()) ?? emptyMemory;
  let kept: Roster | undefined;
  const keep = async () => {
    const { roster } = fold.knowledge;
    if (roster === kept) return;
    const next = remembering(memory, roster);
    // At a start nothing has changed: a disk without room must not keep us from working on when there is nothing to write.
    if (!isDeepStrictEqual(asKept(next), asKept(memory))) await guard.rememberRoster(next).catch(stop);
    memory = next;
    kept = roster;
  };
  await keep();
  return {
    ...fold,
    catchUp: async () => {
      await fold.catchUp();
      await keep();
    },
    committed: async (events, head) => {
      await fold.committed(events, head);
      await keep();
    },
  };
}

/** As it comes back from the disk: what is undefined is not there. */
function asKept(memory: RosterMemory): unknown {
  return JSON.parse(JSON.stringify(memory));
}

function stop(): never {
  throw new JournalFault(
    'Who may read cannot be written beside the keys: look at the disk, and start again.',
  );
}
