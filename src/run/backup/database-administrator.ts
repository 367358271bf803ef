import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ClientConfig } from 'pg';
import { databaseName, type Which } from '../../adapters/postgres/names.ts';
import type { Configuration } from '../config/configuration.ts';
import { databaseNames, socketNote } from '../config/database-access.ts';
import { readPin } from '../config/pins.ts';
import { ConfigurationError } from '../config/read-configuration.ts';
import { adminConfig } from '../init/make-databases.ts';

/** No process has this access: it sees every row, and is the command line's for the length of a backup or restore. */
export async function databaseAdministrator(
  configuration: Configuration,
  url: string | undefined,
): Promise<(which: Which) => ClientConfig> {
  const names = databaseNames(configuration);
  const server = await serverOf(configuration, url);
  return (which) => ({ ...server, database: databaseName(names, which) });
}

async function serverOf(configuration: Configuration, url: string | undefined): Promise<ClientConfig> {
  if (configuration.database.kind === 'external') {
    if (url !== undefined) return adminConfig(url);
    throw new ConfigurationError(
      'The database is not ours: name it once more with --database URL, as a superuser, or as a role with BYPASSRLS that is a member of embargod_owner.',
    );
  }
  const host = await readFile(socketNote(configuration), 'utf8').catch(() => undefined);
  if (host === undefined) throw new ConfigurationError('The embedded database is not running.');
  return { host: host.trim(), user: 'postgres' };
}

/** Whose keys open what is in the database: the digest of a public key, so nothing of it can be undone. */
export async function keyholderDigest({ directory }: Configuration): Promise<string> {
  return createHash('sha256')
    .update(await readPin(directory, 'statement'))
    .digest('hex');
}
