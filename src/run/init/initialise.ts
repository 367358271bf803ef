/**
 * Makes a data directory: configuration, operator key, keyholder's keys, pins, databases. Refuses one that is not empty,
 * and announces everything that it changes outside.
 */
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Configuration } from '../config/configuration.ts';
import { dataDirectory } from '../config/data-directory.ts';
import type { DocumentValues } from '../config/document.ts';
import { printConfiguration } from '../config/print-configuration.ts';
import { ConfigurationError, readConfiguration } from '../config/read-configuration.ts';
import { holdSignals } from '../hold-signals.ts';
import { makeDatabases } from './make-databases.ts';
import { makeKeys } from './make-keys.ts';
import { makeSystemUsers } from './make-system-users.ts';

export type Initialisation = Readonly<{
  data: string;
  values: DocumentValues;
  /** Undefined: the keys rest unprotected. */
  passphrase: string | undefined;
  /** With rights to make databases and roles, when the server is not ours. */
  databaseUrl: string | undefined;
  say: (line: string) => void;
}>;

/** `sql`: what the administrator of the database server has to run first, where we may not. */
export type Initialised = Readonly<{ configuration: Configuration; sql: string | undefined }>;

export function initialise(task: Initialisation): Promise<Initialised> {
  return holdSignals(() => makeEverything(task));
}

async function makeEverything(task: Initialisation): Promise<Initialised> {
  const { data, values, say } = task;
  const directory = dataDirectory(resolve(data));
  const text = printConfiguration(values);
  const configuration = readConfiguration(directory.root, directory.configuration, text);
  await refuseUsed(directory.root);
  await mkdir(directory.root, { recursive: true });
  // Processes of other users find their own folder in it; each folder closes itself.
  await chmod(directory.root, 0o755);
  await mkdir(directory.operator, { mode: 0o700 });
  await mkdir(directory.pins, { mode: 0o755 });
  await mkdir(directory.run, { mode: 0o755 });
  if (configuration.users.mode === 'separate') await makeSystemUsers(configuration, say);
  say('Making the operator key and the keyholder’s keys.');
  await makeKeys(configuration, task.passphrase);
  say(
    configuration.database.kind === 'embedded'
      ? 'Making the embedded database.'
      : 'Making the two databases and their roles.',
  );
  const sql = await makeDatabases(configuration, { adminUrl: task.databaseUrl, say });
  // Last, so that a directory with a configuration is a finished one.
  await writeFile(directory.configuration, text, { flag: 'wx', mode: 0o644 });
  return { configuration, sql };
}

async function refuseUsed(root: string): Promise<void> {
  const entries = await readdir(root).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return [];
    throw error;
  });
  if (entries.length === 0) return;
  throw new ConfigurationError(
    `${root} is not empty; name a new or empty directory with --data, or remove what is left of a first try.`,
  );
}
