import { randomBytes } from 'node:crypto';
import { chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClientConfig } from 'pg';
import { type ProcessRole, processRoles, roleName } from '../../adapters/postgres/names.ts';
import { provision } from '../../adapters/postgres/provision.ts';
import { scramVerifier } from '../../adapters/postgres/scram-verifier.ts';
import type { Configuration } from '../config/configuration.ts';
import { databaseNames, externalServer } from '../config/database-access.ts';
import { startEmbeddedDatabase } from '../embedded-database.ts';
import { findSystemUser } from '../plan-processes.ts';

export type DatabaseTask = Readonly<{ adminUrl: string | undefined; say: (line: string) => void }>;

/** Roles, databases and schema (B8). Without the right to make them: the SQL for the server's administrator. */
export async function makeDatabases(
  configuration: Configuration,
  task: DatabaseTask,
): Promise<string | undefined> {
  if (configuration.database.kind === 'external') return makeExternal(configuration, task);
  const cluster = await startEmbeddedDatabase(configuration);
  try {
    await provisionEmbedded(configuration, cluster);
    return undefined;
  } finally {
    await cluster.stop();
  }
}

/** Also after an upgrade, at each start: what is there stays, what is new is added. */
export async function provisionEmbedded(
  configuration: Configuration,
  cluster: Readonly<{ socketDirectory: string; superuser: string }>,
): Promise<void> {
  await provision({
    admin: { host: cluster.socketDirectory, user: cluster.superuser },
    names: databaseNames(configuration),
    ownCluster: true,
  });
}

async function makeExternal(
  configuration: Configuration,
  { adminUrl, say }: DatabaseTask,
): Promise<string | undefined> {
  const passwords = await writePasswords(configuration);
  const result = await provision({
    admin: adminConfig(adminUrl ?? ''),
    names: databaseNames(configuration),
    ownCluster: false,
    passwords,
  });
  if (result.kind === 'missing-rights') return `${result.sql}\n${passwordSql(configuration, passwords)}`;
  if (!result.catalogueClosed) {
    say(
      'That role is no superuser: the activity of the whole server stays visible to our roles; doctor says what.',
    );
  }
  return undefined;
}

/** Verifiers, not passwords: the script may be mailed to the administrator. */
function passwordSql(configuration: Configuration, passwords: Readonly<Record<ProcessRole, string>>): string {
  const { rolePrefix } = databaseNames(configuration);
  const line = (role: ProcessRole) =>
    `ALTER ROLE "${roleName(rolePrefix, role)}" PASSWORD '${scramVerifier(passwords[role])}';`;
  return ['-- What each process logs in with', ...processRoles.map(line), ''].join('\n');
}

/** How the role that sets up connects: the only one whose name and password come in an address. */
export function adminConfig(url: string): ClientConfig {
  const { username, password, pathname } = new URL(url);
  const database = decodeURIComponent(pathname.slice(1));
  return {
    ...externalServer(url),
    user: decodeURIComponent(username) || 'postgres',
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    ...(database === '' ? {} : { database }),
  };
}

/** One file per role, readable by its process only. */
async function writePasswords(configuration: Configuration): Promise<Readonly<Record<ProcessRole, string>>> {
  const { directory, users } = configuration;
  await mkdir(directory.passwords, { mode: 0o711 });
  const owners: Readonly<Record<ProcessRole, string | undefined>> = {
    intake: users.intake,
    keyholder: users.keyholder,
    sender: users.sender,
    operator: undefined,
    public_keeper: users.publicKeeper,
    public_site: users.publicSite,
  };
  const entries: [ProcessRole, string][] = [];
  for (const role of processRoles) {
    const password = randomBytes(24).toString('base64url');
    const file = join(directory.passwords, role);
    await writeFile(file, `${password}\n`, { flag: 'wx', mode: 0o400 });
    const name = owners[role];
    const owner = users.mode === 'separate' && name !== undefined ? findSystemUser(name) : undefined;
    if (owner) await chown(file, owner.uid, owner.gid);
    entries.push([role, password]);
  }
  const all = Object.fromEntries(entries);
  const of = (role: ProcessRole) => all[role] ?? '';
  return {
    intake: of('intake'),
    keyholder: of('keyholder'),
    sender: of('sender'),
    operator: of('operator'),
    public_keeper: of('public_keeper'),
    public_site: of('public_site'),
  };
}
