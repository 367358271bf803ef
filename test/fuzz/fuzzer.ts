/** What every fuzzer says of itself; `run-fuzzer.ts` does the rest. */
export type Fuzzer = Readonly<{
  /** Of its corpus folder, its test and its place on the command line. */
  name: string;
  /** Inputs are cut at this many bytes. */
  largest: number;
  /** How many inputs are tried at once; more than one only where they wait for something. */
  atOnce: number;
  /** Words of the format, each byte a character, that chance alone would hardly write. */
  dictionary: readonly string[];
  /** Offsets at which the format itself would cut: lines, parts, packets. Ascending, within the input. */
  joints: (input: Uint8Array) => readonly number[];
  start: () => Promise<Started>;
}>;

export type Started = Readonly<{
  /** Throws when an invariant does not hold. */
  check: (input: Uint8Array) => Promise<void>;
  stop: () => Promise<void>;
}>;

/** Where lines begin. */
export function lineJoints(input: Uint8Array): readonly number[] {
  const joints: number[] = [];
  for (let at = input.indexOf(0x0a); at >= 0; at = input.indexOf(0x0a, at + 1)) joints.push(at + 1);
  return joints;
}
