import { attachmentEntity } from './compose-copy.ts';
import type { Desk } from './desk.ts';
import type { Letter } from './letter.ts';

/** The author's entity and what was opened inside it: for members and administrators only (K1). */
export function openedEntities({ opened }: Letter, desk: Desk): readonly Uint8Array[] {
  const description = 'Opened by the list: it came encrypted inside the mail';
  return [
    opened.entity,
    ...opened.inner.map((part) => attachmentEntity({ ...part, description }, desk.base64)),
  ];
}
