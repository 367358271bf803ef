/**
 * Runs one fuzzer: its corpus as it is, then one changed input for each seed. The first input that breaks an invariant
 * is shrunk, saved into the corpus and told with the seed that makes it again.
 */
import { corpusFolder, readCorpus, saveFound } from './corpus.ts';
import type { Fuzzer, Started } from './fuzzer.ts';
import { mutate } from './mutate.ts';
import { randomFrom } from './random.ts';
import { shrink } from './shrink.ts';

export type FuzzRun = Readonly<{
  fuzzer: Fuzzer;
  /** Of the first changed input; each further one is the next number. */
  seed: number;
  /** Asked with the number of inputs tried so far. */
  goOn: (tried: number) => boolean;
  folder?: string;
  /** Told each input's seed and how long it took: for people who look for crawling, no invariant. */
  onTried?: (seed: number, milliseconds: number, bytes: number) => void;
}>;

export type FuzzResult =
  | Readonly<{ kind: 'held'; tried: number }>
  | Readonly<{
      kind: 'broken';
      tried: number;
      /** Undefined when an input of the corpus broke it as it stands. */
      seed: number | undefined;
      file: string;
      shrunk: Uint8Array;
      error: unknown;
    }>;

export async function runFuzzer(run: FuzzRun): Promise<FuzzResult> {
  const { fuzzer, folder = corpusFolder } = run;
  const files = await readCorpus(fuzzer.name, folder);
  const corpus = files.map(({ input }) => input);
  const started = await fuzzer.start();
  const ended = { tried: 0 };
  try {
    for (const { file, input } of files) {
      const error = await faultOf(started, input);
      if (error) return { kind: 'broken', tried: ended.tried, seed: undefined, file, shrunk: input, error };
      ended.tried += 1;
    }
    for (let next = run.seed; run.goOn(ended.tried); next += fuzzer.atOnce) {
      const seeds = Array.from({ length: fuzzer.atOnce }, (_, index) => (next + index) >>> 0);
      const results = await Promise.all(seeds.map((seed) => tryOne(run, corpus, started, seed)));
      const fault = results.find((result) => result.error !== undefined);
      if (fault) return await broken(run, started, { tried: ended.tried, ...fault });
      ended.tried += results.length;
    }
    return { kind: 'held', tried: ended.tried };
  } finally {
    await started.stop();
  }
}

async function tryOne(run: FuzzRun, corpus: readonly Uint8Array[], started: Started, seed: number) {
  const { dictionary, joints, largest } = run.fuzzer;
  const input = mutate({ random: randomFrom(seed), corpus, dictionary, joints, largest });
  const begun = performance.now();
  const error = await faultOf(started, input);
  run.onTried?.(seed, performance.now() - begun, input.length);
  return { seed, input, error };
}

async function faultOf(started: Started, input: Uint8Array): Promise<unknown> {
  try {
    await started.check(input);
    return undefined;
  } catch (error) {
    return error ?? new Error('It threw nothing.');
  }
}

async function broken(
  run: FuzzRun,
  started: Started,
  fault: Readonly<{ tried: number; input: Uint8Array; error: unknown; seed: number }>,
): Promise<FuzzResult> {
  const { fuzzer, folder = corpusFolder } = run;
  const fails = async (input: Uint8Array) => (await faultOf(started, input)) !== undefined;
  const shrunk = await shrink(fault.input, fuzzer.joints, fails);
  const file = await saveFound(fuzzer.name, shrunk, folder);
  const error = (await faultOf(started, shrunk)) ?? fault.error;
  return { kind: 'broken', tried: fault.tried, seed: fault.seed, file, shrunk, error };
}
