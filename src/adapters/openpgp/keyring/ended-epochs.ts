/** The end of an epoch's keys (K6). A mark stays behind, so that nobody makes keys of that name again: T6, K6. */
import type { Epoch } from '../../../message/ports.ts';
import type { KeyDirectory } from './key-directory.ts';
import { checkedEpoch } from './record-keys.ts';

export type EndedEpochs = Readonly<{
  /** Destroys every key of these epochs, for good; again and again without harm. */
  endEpochs: (epochs: readonly Epoch[]) => Promise<void>;
  endedEpochs: () => ReadonlySet<Epoch>;
}>;

export async function readEndedEpochs(
  directory: KeyDirectory,
  forget: readonly ((epoch: Epoch) => Promise<void>)[],
): Promise<EndedEpochs> {
  const ended = new Set((await directory.names('ended')).map((name) => checkedEpoch(name as Epoch)));
  return {
    endEpochs: async (epochs) => {
      for (const epoch of epochs) {
        // The mark first: a crash in between leaves a key that the next start destroys, not a name to be used again.
        await directory.readOrCreate(`ended/${checkedEpoch(epoch)}`, () => new Uint8Array());
        ended.add(epoch);
        for (const one of forget) await one(epoch);
      }
    },
    endedEpochs: () => ended,
  };
}
