import { catalogueRightsSql } from './catalogue-rights.ts';
import { readMigrations } from './migrations.ts';
import { databaseName, nameRoles, type PairNames, type Which } from './names.ts';
import {
  administratorDefaultsSql,
  createDatabaseSql,
  createRolesSql,
  databaseRightsSql,
  schemaRightsSql,
} from './role-sql.ts';
import { forceRowSecuritySql, liftRowSecuritySql } from './row-security-sql.ts';
import { recordVersionSql, schemaVersionSql } from './schema-version.ts';

/**
 * Everything that sets up an empty server, as one psql script: for an administrator whose server does not let us do it
 * ourselves (B8). Passwords are not in it: `\password ROLE` sets one without writing it anywhere.
 */
export function setupSql(names: PairNames): string {
  return [
    '-- embargod: roles, databases and schema. Run with: psql --set ON_ERROR_STOP=1 --file THIS postgres',
    '-- Afterwards give each role that logs in a password: \\password NAME',
    ...createRolesSql(names.rolePrefix).map((statement) => `${statement};`),
    ...(['private', 'public'] as const).map((which) => databaseScript(names, which)),
    '',
  ].join('\n');
}

function databaseScript(names: PairNames, which: Which): string {
  return [
    `\n-- The ${which} database`,
    `${createDatabaseSql(names, which)};`,
    ...databaseRightsSql(names, which).map((statement) => `${statement};`),
    `\\connect "${databaseName(names, which).replaceAll('"', '""')}"`,
    '-- Needs a superuser; without one, the roles can see the activity of the whole server ("embargod doctor" says so).',
    `${catalogueRightsSql};`,
    administratorDefaultsSql,
    nameRoles('SET ROLE :"owner";', names.rolePrefix),
    nameRoles(schemaRightsSql(which), names.rolePrefix),
    nameRoles(schemaVersionSql(which), names.rolePrefix),
    ...migrationSql(names, which, 0),
    'RESET ROLE;',
  ].join('\n');
}

/** What a server that is set up lacks, from the versions that its databases have; for its administrator as well. */
export function upgradeSql(names: PairNames, versions: Readonly<Record<Which, number>>): string {
  const parts = (['private', 'public'] as const).map((which) =>
    [
      `\n-- The ${which} database`,
      ...databaseRightsSql(names, which).map((statement) => `${statement};`),
      `\\connect "${databaseName(names, which).replaceAll('"', '""')}"`,
      nameRoles('SET ROLE :"owner";', names.rolePrefix),
      nameRoles(schemaRightsSql(which), names.rolePrefix),
      nameRoles(schemaVersionSql(which), names.rolePrefix),
      ...migrationSql(names, which, versions[which]),
      'RESET ROLE;',
    ].join('\n'),
  );
  return [
    '-- embargod: an upgrade. Run with: psql --set ON_ERROR_STOP=1 --file THIS postgres',
    ...parts,
    '',
  ].join('\n');
}

function migrationSql(names: PairNames, which: Which, after: number): readonly string[] {
  return readMigrations(which)
    .filter(({ version }) => version > after)
    .flatMap((migration) => [
      `BEGIN;\n${liftRowSecuritySql}\n${nameRoles(migration.sql, names.rolePrefix)}`,
      `${forceRowSecuritySql}\n${recordVersionSql(migration)}\nCOMMIT;`,
    ]);
}
