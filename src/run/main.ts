/** The program: one command line in, one answer out. */
import { CommanderError } from 'commander';
import { commandLine } from './commands/command-line.ts';
import { explain } from './commands/explain.ts';
import type { Outcome } from './commands/outcome.ts';
import { perform } from './commands/perform.ts';
import { terminalJson, terminalText } from './commands/terminal-text.ts';
import { programVersion } from './program-version.ts';

const refused = 1;
const wrongUsage = 2;

export async function main(words: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = commandLine(programVersion(), async (deed, { json, data }) => {
    exitCode = report(await performSafely(() => perform(deed, data)), json === true);
  });
  try {
    await program.parseAsync(words, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version end here too, with nothing wrong.
    return error.exitCode === 0 ? 0 : wrongUsage;
  }
}

async function performSafely(work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    return { kind: 'refused', reason: explain(error) };
  }
}

function report(answer: Outcome, json: boolean): number {
  if (answer.kind === 'refused') {
    if (json) process.stdout.write(`${terminalJson({ refused: answer.reason })}\n`);
    process.stderr.write(`embargod: ${terminalText(answer.reason)}\n`);
    return refused;
  }
  const lines = json ? [terminalJson(answer.data)] : answer.text.map(terminalText);
  for (const line of lines) process.stdout.write(`${line}\n`);
  return answer.kind === 'examined' && !answer.healthy ? refused : 0;
}

// `embargod … | head` closes our output early; that is no fault.
if (import.meta.main) process.stdout.on('error', () => process.exit());
// A server outlives the terminal that its log went to, and stops in order.
if (import.meta.main) process.stderr.on('error', () => {});
// Every file of ours says who may read it; a careful umask would also close what other users' processes need.
if (import.meta.main) process.umask(0o022);
if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
