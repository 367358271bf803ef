import { readClock } from '../../../adapters/clock/clock.ts';
import type { OperatorStore } from '../../../adapters/postgres/operator-store.ts';
import type { Event } from '../../../message/journal/event.ts';
import { formatInstant, type Instant } from '../../../time/instant.ts';
import type { Configuration } from '../../config/configuration.ts';
import { openOperatorDesk } from '../../operator-desk.ts';
import { type Finding, ok, warn } from './check.ts';

/** After each of these there are keys that no earlier export has. */
const makesKeys: readonly Event['kind'][] = ['list-added', 'list-key-replaced', 'epochs-ended'];

/** K6: keys are in no backup of the data. From clear kinds and instants of the journal alone. */
export async function checkKeyExport(
  configuration: Configuration,
  running: boolean,
): Promise<readonly Finding[]> {
  if (!running || configuration.demo) return [];
  const desk = await openOperatorDesk(configuration);
  try {
    return [await judge(desk.store, readClock())];
  } finally {
    await desk.close();
  }
}

async function judge({ lastOf }: OperatorStore, now: Instant): Promise<Finding> {
  const [made, exported] = await Promise.all([lastOf(makesKeys), lastOf(['keys-exported'])]);
  const advice = 'embargod key export --output FILE';
  if (made === undefined) return ok('key export', 'no list has keys yet');
  if (exported === undefined) {
    return warn(
      'key export',
      'never: if this machine is lost, so is every mail on it and every list’s key',
      `embargod key custodian ADDRESS, and a day later: ${advice}`,
    );
  }
  const when = `last on ${formatInstant(exported)}`;
  if (made > exported) return warn('key export', `${when}; there are newer keys since`, advice);
  return monthOf(exported) < monthOf(now)
    ? warn('key export', `${when}; the storage keys of ${monthOf(now)} are not in it`, advice)
    : ok('key export', when);
}

function monthOf(instant: Instant): string {
  return formatInstant(instant).slice(0, 7);
}
