import type { Instant } from '../time/instant.ts';

const fourDigits = 10_000;
/** Past this share of taken numbers drawing gets slow; the year then goes on with six digits. */
const crowded = 0.5;

/**
 * A number that no case has, drawn at random within the year so that it tells no count (I9).
 * `draw(n)` yields a uniform integer in [0, n).
 */
export function drawCaseNumber(
  now: Instant,
  taken: ReadonlySet<string>,
  draw: (below: number) => number,
): string {
  const year = new Date(now).getUTCFullYear();
  const takenThisYear = [...taken].filter((number) => number.startsWith(`VS-${year}-`)).length;
  const [below, digits] = takenThisYear < fourDigits * crowded ? [fourDigits, 4] : [1_000_000, 6];
  for (;;) {
    const number = `VS-${year}-${String(draw(below)).padStart(digits, '0')}`;
    if (!taken.has(number)) return number;
  }
}
