/** The two databases and the roles in them (P2). A prefix keeps several installations apart in one cluster. */

export type Which = 'private' | 'public';

export type ProcessRole = 'intake' | 'keyholder' | 'sender' | 'operator' | 'public_keeper' | 'public_site';
export type Role = 'owner' | ProcessRole;

export type PairNames = Readonly<{ privateDatabase: string; publicDatabase: string; rolePrefix: string }>;

export const defaultNames: PairNames = {
  privateDatabase: 'embargod_private',
  publicDatabase: 'embargod_public',
  rolePrefix: 'embargod_',
};

export const processRoles: readonly ProcessRole[] = [
  'intake',
  'keyholder',
  'sender',
  'operator',
  'public_keeper',
  'public_site',
];

/** Who may connect where. In the public database `sender` reads heartbeats, to report them, and `operator` moderates. */
export const rolesOf: Readonly<Record<Which, readonly ProcessRole[]>> = {
  private: ['intake', 'keyholder', 'sender', 'operator'],
  public: ['intake', 'keyholder', 'sender', 'operator', 'public_keeper', 'public_site'],
};

export function roleName(rolePrefix: string, role: Role): string {
  return `${rolePrefix}${role}`;
}

export function databaseName(names: PairNames, which: Which): string {
  return which === 'private' ? names.privateDatabase : names.publicDatabase;
}

/** Replaces `:"keyholder"` by the quoted name of that role: psql's own notation for an identifier in a variable. */
export function nameRoles(sql: string, rolePrefix: string): string {
  return sql.replace(
    /:"(owner|intake|keyholder|sender|operator|public_keeper|public_site)"/g,
    (_, role) => `"${`${rolePrefix}${role}`.replaceAll('"', '""')}"`,
  );
}
