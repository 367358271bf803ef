import { detailContext } from '../../message/journal/journal.ts';
import type { Epoch, Epochs, EpochsEnd, Sealed } from '../../message/ports.ts';
import { homeContext } from './home-context.ts';
import type { Keys } from './keyholder-tools.ts';

/** K6: what rests under the keys that end is wrapped to the current ones; mail by its session key alone. */
export function endEpochs(
  ended: readonly Epoch[],
  epochs: Epochs,
  keys: Pick<Keys, 'openRecord' | 'sealRecord' | 'rewrapInbox'>,
): EpochsEnd {
  const into = (epoch: Epoch) => (epoch.startsWith('standing') ? epochs.standing : epochs.month);
  const again = async (epoch: Epoch, sealed: Sealed, context: string) =>
    keys.sealRecord(into(epoch), await keys.openRecord(epoch, sealed, context), context);
  return {
    ended,
    into,
    detail: ({ sequence, epoch, sealed }) => again(epoch, sealed, detailContext(sequence)),
    home: ({ bodyId, epoch, sealed }) => again(epoch, sealed, homeContext(bodyId)),
    inbox: ({ list, epoch, sealed }) => keys.rewrapInbox({ list, from: epoch, into: into(epoch), sealed }),
  };
}
