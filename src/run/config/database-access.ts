import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PoolConfig } from 'pg';
import type { PairNames, ProcessRole, Which } from '../../adapters/postgres/names.ts';
import { roleConnection } from '../../adapters/postgres/provision.ts';
import type { Configuration } from './configuration.ts';
import { ConfigurationError } from './read-configuration.ts';

export function databaseNames({ database }: Configuration): PairNames {
  return {
    privateDatabase: database.privateName,
    publicDatabase: database.publicName,
    rolePrefix: 'embargod_',
  };
}

/** Where the running embedded database has its socket; written by whoever started it. */
export function socketNote(configuration: Configuration): string {
  return join(configuration.directory.run, 'database-socket');
}

/** How one process, as its own role, reaches one database. Throws ConfigurationError when the database is not up. */
export async function databaseAccess(
  configuration: Configuration,
  which: Which,
  role: ProcessRole,
): Promise<PoolConfig> {
  const names = databaseNames(configuration);
  return roleConnection(await serverAccess(configuration, role), names, which, role);
}

async function serverAccess(configuration: Configuration, role: ProcessRole): Promise<PoolConfig> {
  const { database, directory } = configuration;
  if (database.kind === 'external') {
    // The address has neither name nor password (document.ts); both come with the role.
    const password = await readFile(join(directory.passwords, role), 'utf8').catch((error: unknown) => {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
      throw new ConfigurationError(
        `The password of the database role ${role} cannot be read from ${join(directory.passwords, role)} (${code}): write it there, one line, readable by that process only.`,
      );
    });
    return { ...externalServer(database.server), password: password.trim() };
  }
  const host = await readFile(socketNote(configuration), 'utf8').catch(() => undefined);
  if (host === undefined) {
    throw new ConfigurationError(
      'The embedded database has not been started: start the server with `embargod run`.',
    );
  }
  return { host: host.trim() };
}

/** As fields, since `pg` lets what stands in an address win over what is given beside it. */
export function externalServer(server: string): PoolConfig {
  const url = new URL(server);
  const mode = url.searchParams.get('sslmode');
  return {
    host:
      decodeURIComponent(url.hostname).replace(/^\[|\]$/g, '') ||
      (url.searchParams.get('host') ?? 'localhost'),
    port: Number(url.port || url.searchParams.get('port') || 5432),
    ...(encrypts(mode) ? { ssl: { rejectUnauthorized: mode !== 'require' } } : {}),
  };
}

/** `prefer` and `allow` promise nothing; what asks for more gets it. */
function encrypts(mode: string | null): boolean {
  return mode === 'require' || mode === 'verify-ca' || mode === 'verify-full';
}
