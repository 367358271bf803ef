import { formatInstant, instantFromMilliseconds } from '../../time/instant.ts';

/** UTC, for a table: `2026-12-01 16:00:00`. */
export function readableMoment(milliseconds: number): string {
  return formatInstant(instantFromMilliseconds(milliseconds)).replace('T', ' ').replace('Z', '');
}
