import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { askOnTerminal } from './ask-on-terminal.ts';
import type { Configuration } from './configuration.ts';
import { ConfigurationError } from './read-configuration.ts';

/** A passphrase in use is at least this long; shorter ones are guessed from a stolen disk (K1). */
export const shortestPassphrase = 12;

/**
 * The passphrase of the keys at rest, as `[keys]` says; undefined when they are unprotected.
 * Throws ConfigurationError with one sentence when it cannot be had.
 */
export async function readPassphrase(source: Configuration['passphrase']): Promise<string | undefined> {
  switch (source.kind) {
    case 'unprotected':
      return undefined;
    case 'file':
      return readPassphraseFile(source.path);
    case 'credential': {
      const directory = process.env.CREDENTIALS_DIRECTORY;
      if (directory) return readPassphraseFile(join(directory, source.name));
      throw new ConfigurationError(
        `The passphrase is the credential ${source.name}, and systemd gives it to the service alone: start that first, systemctl start embargod (or embargod-keyholder); its unit names the file in LoadCredentialEncrypted=.`,
      );
    }
    case 'prompt':
      return askOnTerminal('Passphrase of the keys: ');
  }
}

export async function readPassphraseFile(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new ConfigurationError(
      `The passphrase file ${path} cannot be read (${reason}): check its path and owner.`,
    );
  });
  const line = text.split(/\r?\n/)[0] ?? '';
  if (line.length >= shortestPassphrase) return line;
  throw new ConfigurationError(
    `The first line of ${path} is too short for a passphrase: use at least ${shortestPassphrase} characters.`,
  );
}
