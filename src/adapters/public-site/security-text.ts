import { day, formatInstant, type Instant, later } from '../../time/instant.ts';
import type { PublicList } from './public-record.ts';

/** RFC 9116 §2.5.5 wants an expiry, less than a year ahead; a month keeps copies fresh. */
const validFor = 30 * day;

/** `/.well-known/security.txt` (RFC 9116): the private lists, in the order of the home page. */
export function securityText(lists: readonly PublicList[], base: string, now: Instant): string {
  const hidden = lists.filter((list) => list.kind === 'private' && list.certificate !== undefined);
  // Whole days, so that the text, and with it the ETag, changes once a day only.
  const today = later(now, -(now % day));
  return [
    ...hidden.map((list) => `Contact: mailto:${list.address}`),
    `Expires: ${formatInstant(later(today, validFor))}`,
    ...hidden.map((list) => `Encryption: ${base}/${list.name}/key.asc`),
    'Preferred-Languages: en',
    '',
  ].join('\n');
}
