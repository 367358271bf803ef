import { codeOf } from '../../adapters/log/log.ts';

/** SQLSTATE classes: lost connections, no room or memory, the operator's intervention, faults of the system. */
const classes = ['08', '53', '57', '58'];
/** A lock that somebody keeps. */
export const lockNotHad = '55P03';

const codes = [
  lockNotHad,
  'no-opener',
  ...['ENOSPC', 'EDQUOT', 'EIO', 'EMFILE', 'ENFILE', 'ENOMEM'],
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOENT'],
];

/** What the machine or the database did, whatever was in hand: no mail is to blame, and it can be tried again. */
export function isEnvironmentFault(error: unknown): boolean {
  const code = codeOf(error);
  return codes.includes(code) || (/^[0-9A-Z]{5}$/.test(code) && classes.includes(code.slice(0, 2)));
}
