import type { Epoch } from '../../message/ports.ts';
import { formatInstant, type Instant } from '../../time/instant.ts';

/** The calendar month, UTC, that storage and record keys belong to (K1). */
export function epochOf(now: Instant): Epoch {
  return formatInstant(now).slice(0, 7) as Epoch;
}
