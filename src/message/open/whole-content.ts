import { joinBytes } from '../../mail/bytes.ts';
import type { Opened } from './opened.ts';

/**
 * What `contentDigest` is over (T8): the clear text beside an encrypted part belongs to it, or a mail that was sent in
 * first without that text would take it away from the true one.
 */
export function wholeContent({ entity, textAround }: Pick<Opened, 'entity' | 'textAround'>): Uint8Array {
  return textAround === undefined ? entity : joinBytes(entity, new TextEncoder().encode(textAround));
}
