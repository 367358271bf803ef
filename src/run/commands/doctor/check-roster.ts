import type { Configuration } from '../../config/configuration.ts';
import { openOperatorDesk } from '../../operator-desk.ts';
import { type Finding, fail, ok, warn } from './check.ts';

/** Asks the keyholder, so only where one runs: whether it is frozen after a restore, and whether every list has its people. */
export async function checkRoster(
  configuration: Configuration,
  running: boolean,
): Promise<readonly Finding[]> {
  if (!running) return [];
  const desk = await openOperatorDesk(configuration);
  try {
    const shown = await desk.ask({ kind: 'restore-show' });
    if (shown.kind === 'refused') return [warn('restore', shown.reason, 'look at the keyholder’s log')];
    const since = frozenSince(shown.data);
    const frozen =
      since === undefined
        ? []
        : [
            fail(
              'restore',
              `frozen since ${since}: mail is taken in, nothing is read, sent or done`,
              'embargod restore show, then embargod restore confirm for each of its parts',
            ),
          ];
    const lists = await desk.ask({ kind: 'list-check' });
    if (lists.kind === 'refused')
      return [...frozen, warn('lists', lists.reason, 'look at the keyholder’s log')];
    const wanting = Array.isArray(lists.data) && lists.data.length > 0;
    const advice = 'embargod representative add, embargod list administrator add';
    const said = lists.text.join('; ');
    return [...frozen, wanting ? fail('lists', said, advice) : ok('lists', said)];
  } finally {
    await desk.close();
  }
}

function frozenSince(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null || !('frozen' in data) || data.frozen !== true)
    return undefined;
  const restored = 'restored' in data ? data.restored : undefined;
  const at = typeof restored === 'object' && restored !== null && 'at' in restored ? restored.at : undefined;
  return String(at ?? 'a restore');
}
