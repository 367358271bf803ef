/**
 * `npm test`: brings what the tests need, checks, then runs every test against one real PostgreSQL made for the run.
 * Arguments, if any, are the test files to run instead of all. `npm run test:extended` does the same with the long tests,
 * which `npm test` does not run.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestCluster, testClusterVariable } from '../stand-ins/database.ts';
import { bringDebianPackages, forTests, postfix } from './debian-packages.ts';
import { runProgram, say, sharedIsHere } from './program.ts';
import { passesStaticChecks } from './static-checks.ts';

const words = process.argv.slice(2);
const extended = words.includes('--extended');
const named = words.filter((word) => word !== '--extended');

const allTests = extended ? ['test/extended/**/*.extended.ts'] : ['src/**/*.test.ts', 'test/**/*.test.ts'];

/** Twice the cores of a small machine: most tests wait for gpg, a socket or the database half of the time. */
const filesAtOnce = extended ? 1 : 4;

/** A test that hangs must end the run with its name, not with CI's patience. */
const longestTest = extended ? 60 * 60_000 : 300_000;
/**
 * A test that fails may leave a server open, and its file then never ends; interrupted, the runner names it. (Its own
 * `--test-force-exit` loses the last tests of some files without a word.)
 */
const longestRun = (extended ? 6 * 60 : 20) * 60_000;

const needed = extended ? [...forTests, postfix] : forTests;
process.exitCode = (await bringDebianPackages(needed)) && (await passesStaticChecks()) ? await runTests() : 1;

async function runTests(): Promise<number> {
  const scratch = await mkdtemp(join(tmpdir(), 'embargod-run-'));
  const skipList = join(scratch, 'skipped');
  const cluster = await startTestCluster();
  try {
    const environment = { [testClusterVariable]: cluster.socketDirectory };
    const code = await runProgram(process.execPath, testArguments(skipList), environment, longestRun);
    const skipped = await readFile(skipList, 'utf8').catch(() => '');
    return code === 0 && hidesSkips(skipped) ? 1 : code;
  } finally {
    await cluster.stop();
    await rm(scratch, { recursive: true, force: true });
  }
}

function testArguments(skipList: string): readonly string[] {
  return [
    '--test',
    `--test-concurrency=${filesAtOnce}`,
    `--test-timeout=${longestTest}`,
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    `--test-reporter=${new URL('skip-reporter.ts', import.meta.url).href}`,
    `--test-reporter-destination=${skipList}`,
    ...(named.length > 0 ? named : allTests),
  ];
}

/** In CI a test may not skip for want of the shared corpus while the corpus is there. */
function hidesSkips(skipped: string): boolean {
  if (process.env.CI !== 'true' || !sharedIsHere()) return false;
  const hidden = skipped.split('\n').filter((line) => /shared/i.test(line));
  for (const line of hidden) say(`Skipped although ../shared is here: ${line}`);
  return hidden.length > 0;
}
