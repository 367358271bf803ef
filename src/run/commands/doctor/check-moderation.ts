import { readClock } from '../../../adapters/clock/clock.ts';
import { codeOf } from '../../../adapters/log/log.ts';
import { day, formatInstant } from '../../../time/instant.ts';
import type { Configuration } from '../../config/configuration.ts';
import { openModerationDesk } from '../../moderation-desk.ts';
import { type Finding, fail, ok, warn } from './check.ts';

/** T8: what was accepted has somebody who must act. Nobody is told by mail yet, so that this is where it shows. */
export async function checkModeration(
  configuration: Configuration,
  running: boolean,
): Promise<readonly Finding[]> {
  if (!running) return [];
  const { store } = await openModerationDesk(configuration);
  try {
    const held = await store.held(undefined);
    const [oldest] = held;
    if (!oldest) return [ok('moderation', 'nothing waits')];
    const says = `${held.length} wait for a moderator, the oldest since ${formatInstant(oldest.receivedAt)}`;
    return oldest.receivedAt + day > readClock()
      ? [ok('moderation', says)]
      : [warn('moderation', says, 'embargod moderation list')];
  } catch (error) {
    const says = `the operator’s role cannot look at what waits (${codeOf(error)})`;
    return [fail('moderation', says, 'bring the databases up to date: `embargod upgrade`')];
  } finally {
    await store.close();
  }
}
