import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** An operating-system user and the roles it may be. */
export type RoleMapping = Readonly<{ osUser: string; roles: readonly string[] }>;

/** `peer`: the socket's uid decides (B3). `trust`: whoever can enter the socket's folder; for tests with roles of their own. */
export type Authentication = 'peer' | 'trust';

export type AccessFiles = Readonly<{ hbaFile: string; identFile: string }>;

/** Only the unix socket, only mapped users: there is no password to steal and no port to try. */
export async function writeAccessFiles(
  directory: string,
  authentication: Authentication,
  mappings: readonly RoleMapping[],
): Promise<AccessFiles> {
  const hbaFile = join(directory, 'pg_hba.conf');
  const identFile = join(directory, 'pg_ident.conf');
  const method = authentication === 'peer' ? 'peer map=embargod' : 'trust';
  await writeFile(hbaFile, `local all all ${method}\n`, { mode: 0o644 });
  await writeFile(identFile, identLines(mappings), { mode: 0o644 });
  return { hbaFile, identFile };
}

export function identLines(mappings: readonly RoleMapping[]): string {
  const pairs = mappings.flatMap(({ osUser, roles }) => roles.map((role) => ({ osUser, role })));
  const lines = pairs.map(({ osUser, role }) => `embargod ${quoted(osUser)} ${quoted(role)}\n`);
  return [...new Set(lines)].join('');
}

/** A leading `/` would make the name a pattern, a quote or a line end would begin another entry. */
function quoted(name: string): string {
  if (!/^[A-Za-z_#][A-Za-z0-9_.#$-]*$/.test(name)) {
    throw new RangeError(
      `"${name}" cannot be a user or role here: use letters, digits, dot, dash, underscore.`,
    );
  }
  return `"${name}"`;
}
