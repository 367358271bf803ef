/**
 * `npm run fuzz -- NAME --minutes N`: one fuzzer for as long as wanted, from a seed of chance or a named one. Exits 1
 * when an input broke an invariant; that input is in the fuzzer's corpus then.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { fuzzers } from '../fuzz/fuzzers.ts';
import { runFuzzer } from '../fuzz/run-fuzzer.ts';
import { say } from './program.ts';

const usage = `Usage: npm run fuzz -- NAME [--minutes 3] [--seed NUMBER] [--cases NUMBER]
NAME is one of: ${fuzzers.map(({ name }) => name).join(', ')}.
--seed with --cases 1 makes one input again.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string', default: '3' },
    seed: { type: 'string' },
    cases: { type: 'string' },
  },
});

const fuzzer = fuzzers.find(({ name }) => name === positionals[0]);
const seed = Number(values.seed ?? randomInt(2 ** 32 - 1));
const most = Number(values.cases ?? Number.POSITIVE_INFINITY);
const minutes = Number(values.minutes);

if (!fuzzer || !Number.isInteger(seed) || Number.isNaN(most) || !(minutes > 0)) {
  say(usage);
  process.exitCode = 2;
} else {
  process.exitCode = await fuzz(fuzzer);
}

async function fuzz(chosen: (typeof fuzzers)[number]): Promise<number> {
  const end = performance.now() + minutes * 60_000;
  const slowest = { seed, milliseconds: 0, bytes: 0 };
  let changed = 0;
  say(`${chosen.name} from seed ${seed}.`);
  const result = await runFuzzer({
    fuzzer: chosen,
    seed,
    goOn: () => changed < most && performance.now() < end,
    onTried: (from, milliseconds, bytes) => {
      changed += 1;
      if (changed % 5_000 === 0) say(`${changed} inputs …`);
      if (milliseconds > slowest.milliseconds) Object.assign(slowest, { seed: from, milliseconds, bytes });
    },
  });
  say(
    `Tried ${result.tried} inputs. The slowest: ${Math.round(slowest.milliseconds)} ms for ${slowest.bytes} bytes, seed ${slowest.seed}.`,
  );
  if (result.kind === 'held') return 0;
  say(
    `BROKEN${result.seed === undefined ? '' : ` by seed ${result.seed}`}; ${result.shrunk.length} bytes of it are ${result.file}.`,
  );
  say(result.error instanceof Error ? (result.error.stack ?? result.error.message) : String(result.error));
  return 1;
}
