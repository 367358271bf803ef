/** `embargod upgrade`: brings databases that are not ours up to date (B8); the embedded one is, at each start. */
import { Client } from 'pg';
import { readMigrations } from '../../adapters/postgres/migrations.ts';
import type { Which } from '../../adapters/postgres/names.ts';
import { provision } from '../../adapters/postgres/provision.ts';
import { upgradeSql } from '../../adapters/postgres/setup-sql.ts';
import type { Answer } from '../../message/requests/request.ts';
import type { Configuration } from '../config/configuration.ts';
import { databaseAccess, databaseNames } from '../config/database-access.ts';
import { adminConfig } from '../init/make-databases.ts';
import { say } from './progress.ts';

/** `adminUrl`: a role that may change them; without one, or where it may not, the answer is the SQL for one that may. */
export async function upgrade(configuration: Configuration, adminUrl: string | undefined): Promise<Answer> {
  if (configuration.database.kind === 'embedded') {
    return {
      kind: 'refused',
      reason: 'The embedded database is brought up to date by `embargod run`; there is nothing to do before.',
    };
  }
  const versions = {
    private: await versionOf(configuration, 'private'),
    public: await versionOf(configuration, 'public'),
  };
  const known = { private: readMigrations('private').length, public: readMigrations('public').length };
  if (versions.private === known.private && versions.public === known.public) {
    // Nothing but SQL goes to standard output, which may be a file for psql.
    say('Both databases are up to date.');
    return { kind: 'done', text: [], data: versions };
  }
  const names = databaseNames(configuration);
  if (adminUrl !== undefined) {
    const result = await provision({ admin: adminConfig(adminUrl), names, ownCluster: false });
    if (result.kind === 'ready') {
      return { kind: 'done', text: ['Both databases are up to date now.'], data: known };
    }
    say(`That role may not do it: ${result.missing}.`);
  }
  const sql = upgradeSql(names, versions);
  say('Stop all processes, then have an administrator of the server run this SQL with psql.');
  return { kind: 'done', text: [sql.trimEnd()], data: { sql } };
}

/** As the intake role, which both databases know; where the other passwords are does not matter then. */
async function versionOf(configuration: Configuration, which: Which): Promise<number> {
  const client = new Client(await databaseAccess(configuration, which, 'intake'));
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ version: number }>(
      'SELECT max(version) AS version FROM schema_version',
    );
    return rows[0]?.version ?? 0;
  } finally {
    await client.end();
  }
}
