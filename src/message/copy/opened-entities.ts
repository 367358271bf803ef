import type { Desk } from '../desk.ts';
import type { Letter } from '../letter/letter.ts';
import { attachmentEntity } from './compose-copy.ts';

/** What was opened inside the author's entity: for members and administrators only (K1). */
export function openedEntities({ opened }: Letter, desk: Desk): readonly Uint8Array[] {
  const description = 'Opened by the list: it came encrypted inside the mail';
  return opened.inner.map((part) => attachmentEntity({ ...part, description }, desk.base64));
}
