// What a fresh clone starts with, on Node 20 and nothing else: sees to it that what package-lock.json names is
// installed, then hands over to Node 24. Plain JavaScript without dependencies, as nothing is installed yet.
// Progress and errors go to stderr; stdout belongs to the program that follows.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureStripped } from './ensure-stripped.mjs';
import { BootstrapError, root } from './ground.mjs';
import { ensureInstalled } from './install.mjs';
import { modernNode, runHere } from './run-here.mjs';
import { loadStripped } from './stripped.mjs';

const scripts = {
  test: 'run/run-tests.ts',
  check: 'run/run-checks.ts',
  format: 'run/format.ts',
  fuzz: 'run/fuzz.ts',
  'bench:archive': 'bench/archive.bench.ts',
  'bench:fanout': 'bench/fanout.bench.ts',
  'bench:intake': 'bench/intake.bench.ts',
  'bench:latency': 'bench/latency.bench.ts',
};

/** `embargod ARGUMENTS`. */
export function runCommandLine(args) {
  // A supervisor lives on and makes little garbage at a time: V8 need not keep 48 MB ready for it (DESIGN §8).
  const livesOn = ['run', 'demo'].includes(args[0] ?? '') ? ['--max-semi-space-size=2'] : [];
  const program = [loadStripped, join(root, 'src/run/main.ts')];
  return bootstrapped({ development: false }, () =>
    runHere(modernNode(), ['--disable-sigusr1', ...livesOn, ...program, ...args]),
  );
}

/** `npm test`, `npm run check`, `npm run format`, `npm run fuzz`, the benches. */
function runScript([name, ...args]) {
  return bootstrapped({ development: true }, () => {
    const file = scripts[name];
    if (file === undefined) throw new BootstrapError(`Say one of: ${Object.keys(scripts).join(', ')}.`, 2);
    return runHere(modernNode(), [join(root, 'test', file), ...args]);
  });
}

async function bootstrapped(needs, start) {
  try {
    await ensureInstalled(needs);
    ensureStripped();
    process.exitCode = await start();
  } catch (error) {
    if (!(error instanceof BootstrapError)) throw error;
    process.stderr.write(`embargod: ${error.message}\n`);
    process.exitCode = error.exitCode;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await runScript(process.argv.slice(2));
