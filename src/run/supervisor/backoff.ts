/** How long to wait before a process that ended is started again, in milliseconds. */
const first = 250;
export const longestBackoff = 60_000;

/** A process that ran this long was well: its next end counts as the first. */
const stableAfter = 60_000;

/** One that ends by itself with exit code 0 has done its share (the opener does); sooner than this it only pretends. */
const shareTakes = 1_000;

export type End = Readonly<{ clean: boolean; ranFor: number }>;

/** How many times in a row it failed, this end included; none when it ended well. */
export function failuresAfter(previous: number, { clean, ranFor }: End): number {
  if (clean && ranFor >= shareTakes) return 0;
  return ranFor >= stableAfter ? 1 : previous + 1;
}

/** 0.25 s, doubled each time up to `longest`: a broken process costs little, a crashed one is back at once. */
export function backoff(failures: number, longest: number): number {
  return failures === 0 ? 0 : Math.min(longest, first * 2 ** (failures - 1));
}
