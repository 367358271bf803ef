/** Chance that a number repeats: the same seed gives the same choices on every machine. */
export type Random = Readonly<{
  /** A whole number from 0 to `limit` - 1; 0 when there is no choice. */
  below: (limit: number) => number;
  /** True once in `times`. */
  once: (times: number) => boolean;
  pick: <T>(from: readonly T[]) => T;
}>;

/** Mulberry32: 32 bits of state are enough to choose by, and a seed that fits on a line. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    once: (times) => below(times) === 0,
    pick: (from) => {
      const one = from[below(from.length)];
      if (one === undefined) throw new Error('Nothing can be picked from an empty list.');
      return one;
    },
  };
}
