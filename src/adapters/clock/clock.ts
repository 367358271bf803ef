import { type Instant, instantFromMilliseconds } from '../../time/instant.ts';

/** The one place that reads the host's clock; everybody else is given `now` (I11, T5). */
export function readClock(): Instant {
  return instantFromMilliseconds(Date.now());
}
