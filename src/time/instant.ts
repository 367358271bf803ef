/**
 * A moment, in whole milliseconds since 1970-01-01T00:00:00Z. Printed always as RFC 3339 in UTC with `Z`.
 * `now` is an argument everywhere in the domain; only `adapters/clock` reads a clock.
 */
export type Instant = number & { readonly __brand: 'Instant' };

/** A length of time in milliseconds. */
export type Duration = number;

export const second: Duration = 1_000;
export const minute: Duration = 60 * second;
export const hour: Duration = 60 * minute;
export const day: Duration = 24 * hour;

/** The instant that many milliseconds after the epoch. Throws RangeError when it is no whole, finite number. */
export function instantFromMilliseconds(milliseconds: number): Instant {
  if (!Number.isSafeInteger(milliseconds))
    throw new RangeError('An instant is a whole number of milliseconds.');
  return milliseconds as Instant;
}

export function later(instant: Instant, duration: Duration): Instant {
  return instantFromMilliseconds(instant + duration);
}

/** RFC 3339, UTC, whole seconds: `2026-12-01T16:00:00Z`. */
export function formatInstant(instant: Instant): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}

/**
 * Reads RFC 3339 with an explicit offset; undefined for anything else: a time without a zone, and a day that its month
 * does not have, which `Date` would take for one of the next month.
 */
export function parseInstant(text: string): Instant | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)[Tt ]([01]\d|2[0-3]):\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)$/.exec(
    text,
  );
  if (!match || Number(match[3]) > daysInMonth(Number(match[1]), Number(match[2]))) return undefined;
  const milliseconds = Date.parse(text.replace(' ', 'T').toUpperCase());
  return Number.isNaN(milliseconds) ? undefined : instantFromMilliseconds(Math.trunc(milliseconds));
}

function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
