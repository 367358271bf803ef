/** Chance that can be had again: a run says its seed, and `EMBARGOD_SEED` makes the next one choose alike. */

export type SeededChance = Readonly<{
  seed: number;
  /** A whole number from 0 to `below` - 1. */
  below: (below: number) => number;
  pick: <T>(from: readonly T[]) => T;
  shuffled: <T>(list: readonly T[]) => readonly T[];
}>;

export function seedOfRun(): number {
  const given = Number(process.env.EMBARGOD_SEED);
  return Number.isSafeInteger(given) && given > 0 ? given : 1 + Math.floor(Math.random() * 0x7fff_fffe);
}

/** mulberry32: small, and good enough to choose moments by. */
export function seededChance(seed: number): SeededChance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  const pick = <T>(from: readonly T[]): T => {
    const [chosen] = from.slice(below(from.length));
    if (chosen === undefined) throw new RangeError('There is nothing to pick from.');
    return chosen;
  };
  const shuffled = <T>(list: readonly T[]): readonly T[] => {
    const rest = [...list];
    return list.flatMap(() => rest.splice(below(rest.length), 1));
  };
  return { seed, below, pick, shuffled };
}
