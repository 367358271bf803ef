import { test } from 'node:test';
import type { Fuzzer } from './fuzzer.ts';
import { runFuzzer } from './run-fuzzer.ts';

/** The same seed in every run of the tests: what fails there must fail again. Other seeds are tried by hand. */
const usualSeed = 20_261_123;

/** A fixed number of inputs, as a test; a fault names the file it was saved in and the seed that makes it again. */
export function fuzzInTests(fuzzer: Fuzzer, cases: number): void {
  test(`${fuzzer.name}: its invariants hold for its corpus and ${cases} inputs changed by chance`, async () => {
    const result = await runFuzzer({ fuzzer, seed: usualSeed, goOn: (tried) => tried < cases });
    if (result.kind === 'held') return;
    const again =
      result.seed === undefined
        ? ''
        : ` Again: npm run fuzz -- ${fuzzer.name} --seed ${result.seed} --cases 1`;
    throw new Error(`An input broke ${fuzzer.name}; it is ${result.file}.${again}`, {
      cause: result.error,
    });
  });
}
