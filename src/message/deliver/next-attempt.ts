import { type Duration, type Instant, later } from '../../time/instant.ts';

export type RetryPolicy = Readonly<{
  /** Wait before the second attempt; each later one doubles it. */
  first: Duration;
  longest: Duration;
  /** Age of a row from which a further failure is final. */
  giveUpAfter: Duration;
}>;

/**
 * When to try a row again: exponential, with a quarter of jitter so that a thousand rows that failed together do not
 * come back together. Undefined: its age has come. `chance` is uniform in [0, 1); `attempts` are those before this one.
 */
export function nextAttempt(
  row: Readonly<{ attempts: number; createdAt: Instant }>,
  now: Instant,
  policy: RetryPolicy,
  chance: number,
): Instant | undefined {
  if (now - row.createdAt >= policy.giveUpAfter) return undefined;
  const doublings = Math.min(Math.max(row.attempts, 0), 30);
  const wait = Math.min(policy.first * 2 ** doublings, policy.longest);
  const jittered = Math.round(wait * (0.75 + 0.5 * chance));
  // The last attempt falls on the age itself, not after it.
  return later(now, Math.max(1, Math.min(jittered, row.createdAt + policy.giveUpAfter - now)));
}
