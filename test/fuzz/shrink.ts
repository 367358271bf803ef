/** Tries of one shrinking, and its time: enough for some kilobytes, and it ends where each try is a dialogue. */
const mostTries = 3_000;
const mostMilliseconds = 60_000;

/**
 * The smallest input found that still fails: takes out ever shorter stretches, first along the format's own joints.
 * `fails` must say the same each time it is asked.
 */
export async function shrink(
  input: Uint8Array,
  joints: (input: Uint8Array) => readonly number[],
  fails: (input: Uint8Array) => Promise<boolean>,
): Promise<Uint8Array> {
  let best = input;
  let tries = 0;
  const end = performance.now() + mostMilliseconds;
  const spent = () => tries >= mostTries || performance.now() > end;
  const without = async (from: number, to: number): Promise<boolean> => {
    if (to <= from || spent()) return false;
    tries += 1;
    const shorter = Uint8Array.from(Buffer.concat([best.subarray(0, from), best.subarray(to)]));
    if (!(await fails(shorter))) return false;
    best = shorter;
    return true;
  };
  for (const cutsOf of [joints, everyByte]) {
    for (let share = 2; ; share *= 2) {
      const count = cutsOf(best).length;
      const step = Math.max(1, Math.ceil(count / share));
      for (let at = 0; ; ) {
        const cuts = [0, ...cutsOf(best), best.length];
        const [from, to] = [cuts[at], cuts[Math.min(at + step, cuts.length - 1)]];
        if (from === undefined || to === undefined || at >= cuts.length - 1) break;
        if (!(await without(from, to))) at += step;
      }
      if (step === 1 || spent()) break;
    }
  }
  return best;
}

function everyByte(input: Uint8Array): readonly number[] {
  return Array.from(input.subarray(1), (_, index) => index + 1);
}
