import { codeOf } from '../../adapters/log/log.ts';
import { detailContext } from '../../message/journal/journal.ts';
import type { Epoch, Epochs, EpochsEnd, Sealed } from '../../message/ports.ts';
import { homeContext } from './home-context.ts';
import type { Keys } from './keyholder-tools.ts';

type EndingKeys = Pick<Keys, 'openRecord' | 'sealRecord' | 'rewrapInbox'>;

/** K6: what rests under the keys that end is wrapped to the current ones; mail by its session key alone. */
export function endEpochs(
  ended: readonly Epoch[],
  { epochs, keys, lists }: Readonly<{ epochs: Epochs; keys: EndingKeys; lists: ReadonlySet<string> }>,
): EpochsEnd {
  const into = (epoch: Epoch) => (epoch.startsWith('standing') ? epochs.standing : epochs.month);
  const again = async (epoch: Epoch, sealed: Sealed, context: string) =>
    keys.sealRecord(into(epoch), await keys.openRecord(epoch, sealed, context), context);
  return {
    ended,
    into,
    detail: ({ sequence, epoch, sealed }) => again(epoch, sealed, detailContext(sequence)),
    home: ({ bodyId, epoch, sealed }) => again(epoch, sealed, homeContext(bodyId)),
    inbox: async ({ list, epoch, sealed }) => {
      if (!lists.has(list)) return undefined;
      return keys.rewrapInbox({ list, from: epoch, into: into(epoch), sealed }).catch(unlessUnreadable);
    },
  };
}

/**
 * Attack: a row that intake never sealed, put there by whoever took it over, so that no key can be ended any more. With
 * the key at hand, what it does not open nobody ever will.
 */
function unlessUnreadable(error: unknown): undefined {
  if (['damaged', 'not-for-this-key'].includes(String(codeOf(error)))) return undefined;
  throw error;
}
