import { ConfigurationError } from '../config/read-configuration.ts';

/** What to do about faults of the system, by its code. */
const advice: Readonly<Record<string, string>> = {
  EACCES: 'this user may not do that; run the command as root or as the owner of the data directory',
  EPERM: 'this user may not do that; run the command as root',
  ENOSPC: 'the disk is full; make room and try again',
  EADDRINUSE: 'that port is taken; choose another in embargod.toml, or stop what listens there',
  ECONNREFUSED: 'nothing listens there; is the server running? `embargod doctor` looks',
  '28000':
    'this user may not administer the embedded database; run the command as root, or as the user who runs the server',
  '28P01': 'the database refused the password; see the files under passwords/ in the data directory',
  '57P03': 'the database is starting or stopping; try again in a moment',
};

/** Words of the database driver or server that say nothing to an operator. */
const saidOtherwise: readonly (readonly [string, string])[] = [
  [
    'client password must be a string',
    'The database server wants a password for that role: set PGPASSWORD, or write it into the address.',
  ],
  [
    'row-level security policy',
    'That role does not see every row: name a superuser, or a role with BYPASSRLS that is a member of embargod_owner.',
  ],
];

/** One sentence for the operator. Our own errors are sentences already; the rest is named with its code. */
export function explain(error: unknown): string {
  if (error instanceof ConfigurationError) return error.message;
  if (!(error instanceof Error)) return `Something unexpected happened: ${String(error)}`;
  const [, said] = saidOtherwise.find(([words]) => error.message.includes(words)) ?? [];
  if (said !== undefined) return said;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const known = code === undefined ? undefined : advice[code];
  return known === undefined ? error.message : `${error.message}: ${known}.`;
}
