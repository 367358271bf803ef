import { type Duration, day } from '../../time/instant.ts';

/** K6: how long the old key still opens mail that was under way, or written by somebody who had not heard. */
export const mailKeyGrace: Duration = 30 * day;
