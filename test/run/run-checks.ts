/** `npm run check`: everything that can be said without running the program, in seconds. */
import { runProgram } from './program.ts';
import { passesStaticChecks } from './static-checks.ts';

/** Tests that read the sources only: the architecture, and the printed docs against what prints them. */
const readingTests = ['test/architecture/**/*.test.ts', 'test/docs/**/*.test.ts'];

const [passes, tests] = [
  await passesStaticChecks(),
  await runProgram(process.execPath, ['--test', '--test-reporter=dot', ...readingTests]),
];
process.exitCode = passes && tests === 0 ? 0 : 1;
