/** One of several processes of a kind on one machine, counted from 1. */
export type Sibling = Readonly<{ number: number; of: number }>;

/** `intake.processes` allows no more. */
export const mostSiblings = 16;

/** As in `heartbeats.instance`. */
const longest = 63;

/**
 * What a heartbeat is signed with: the machine, `vs1`; where several stand side by side, `vs1--2-of-3`. It says how many
 * there are, so that who hears one knows whom else to miss.
 */
export function instanceName(machine: string, { number, of }: Sibling): string {
  if (of === 1) return machine;
  const suffix = `--${number}-of-${of}`;
  return machine.slice(0, longest - suffix.length) + suffix;
}

export function readInstanceName(instance: string): Readonly<{ machine: string; sibling: Sibling }> {
  const [, machine = '', number, of] = /^(.*)--(\d{1,2})-of-(\d{1,2})$/.exec(instance) ?? [];
  const sibling = { number: Number(number), of: Number(of) };
  // One that was taken over could claim a hundred, and have ninety-nine missed.
  const isOne = sibling.number >= 1 && sibling.number <= sibling.of && sibling.of <= mostSiblings;
  return isOne ? { machine, sibling } : { machine: instance, sibling: { number: 1, of: 1 } };
}
