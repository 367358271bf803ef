import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { ConfigurationError } from './read-configuration.ts';

/** Asks on the terminal without showing what is typed. Throws ConfigurationError when there is no terminal. */
export async function askOnTerminal(question: string): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new ConfigurationError(
      'keys.passphrase is "prompt", but there is no terminal to ask on: use "file" or "credential".',
    );
  }
  process.stderr.write(question);
  // The line editor writes what is typed to its output; a sink for it hides the passphrase.
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
