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
  // The line editor writes what is typed to its output; a sink for it hides the passphrase. It takes the echo away as
  // soon as it is there, so it is there before anybody is asked.
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  const interrupted = new AbortController();
  terminal.on('SIGINT', () => interrupted.abort());
  process.stderr.write(question);
  try {
    return await terminal.question('', { signal: interrupted.signal });
  } catch (error) {
    if (interrupted.signal.aborted) throw new ConfigurationError('No passphrase was given.');
    throw error;
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
