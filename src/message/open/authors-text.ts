import { authorText, openingText } from '../../mail/entity-text.ts';
import type { Entity } from '../../mail/split-entity.ts';
import type { HtmlToText } from './opening-tools.ts';

/** Where the author's text is to be read: in an entity, or it is the text itself. */
export type Readable =
  | Readonly<{ kind: 'entity'; entity: Entity }>
  | Readonly<{ kind: 'text'; text: string }>;

/** '' when the mail has no text at all. */
export async function authorsText(
  from: Readable,
  tools: Readonly<{ htmlToText: HtmlToText }>,
): Promise<string> {
  if (from.kind === 'text') return from.text;
  const written = authorText(from.entity);
  if (!written) return '';
  return written.kind === 'plain' ? written.text : tools.htmlToText(written.text);
}

/** Signed text that may hold commands (A2): '' when the signed bytes do not open with plain text. */
export function commandText(signed: Readable): string {
  return signed.kind === 'text' ? signed.text : (openingText(signed.entity)?.text ?? '');
}
