import { decodeText } from './charset.ts';
import { type Entity, walk } from './split-entity.ts';
import { decodeTransfer } from './transfer-encoding.ts';

/** The author's text as it was written, or HTML that still has to be reduced (adapters/mime). */
export type AuthorText = Readonly<{ kind: 'plain' | 'html'; text: string }>;

/** Text goes into memory, logs of cases and searches; what is beyond stays readable in the entity itself. */
export const maximumText = 4 * 1024 * 1024;

/**
 * The first text that the author wrote: the first inline text/plain part, else the first text/html part.
 * Nothing of a forwarded message counts (A2), and no attachment.
 */
export function authorText(root: Entity): AuthorText | undefined {
  const parts = walk(root, (entity) => !entity.contentType.value.startsWith('message/') || entity === root);
  const written = parts.filter((part) => part.children.length === 0 && !isAttachment(part));
  const plain = written.filter(
    (part) => part.contentType.value === 'text/plain' && !repeatsHeader(part, written),
  );
  for (const part of plain) {
    const text = plainText(part);
    if (text.trim() !== '') return { kind: 'plain', text };
  }
  const html = written.find((part) => part.contentType.value === 'text/html');
  return html && { kind: 'html', text: textOfEntity(html) };
}

/** What a mail begins with: its first part that is no multipart, and the text in it. */
export type OpeningText = Readonly<{ part: Entity; text: string }>;

/**
 * The text that a mail opens with, for commands (A2): its very first part and no later one, written as text/plain in the
 * mail itself. HTML is none, as its quotes look like text once it is reduced; nor is a file, nor a forwarded message.
 */
export function openingText(root: Entity): OpeningText | undefined {
  const leaves = walk(root, (entity) => !entity.contentType.value.startsWith('message/')).filter(
    (part) => part.children.length === 0 || part.contentType.value.startsWith('message/'),
  );
  const part = leaves.find((leaf) => !repeatsHeader(leaf, leaves));
  if (part?.contentType.value !== 'text/plain' || isAttachment(part) || part.fileName !== undefined) {
    return undefined;
  }
  return { part, text: plainText(part) };
}

/** Enigmail's "legacy display" part repeats the protected Subject for old readers; it is not the author's text. */
function repeatsHeader(part: Entity, written: readonly Entity[]): boolean {
  const marked = part.contentType.parameters.get('protected-headers')?.toLowerCase() === 'v1';
  return marked && written.length > 1 && !part.fields.some((field) => field.lowerName === 'subject');
}

/** A leaf's text, its first `maximum` bytes: transfer encoding undone, charset decoded, lines ended by LF. Never throws. */
export function textOfEntity(entity: Entity, maximum = maximumText): string {
  const bytes = decodeTransfer(entity.body, entity.transferEncoding);
  const text = decodeText(bytes.subarray(0, maximum), entity.contentType.parameters.get('charset'));
  return text.replace(/\r\n?/g, '\n');
}

function plainText(entity: Entity): string {
  const legacy = entity.contentType.parameters.get('hp-legacy-display') === '1';
  const text = legacy ? withoutHeaderCopy(textOfEntity(entity)) : textOfEntity(entity);
  const flowed = entity.contentType.parameters.get('format')?.toLowerCase() === 'flowed';
  return flowed ? unflow(text, entity.contentType.parameters.get('delsp')?.toLowerCase() === 'yes') : text;
}

/** RFC 9788 §4.5.3: with `hp-legacy-display=1` the text begins with copied header lines up to a blank one. */
function withoutHeaderCopy(text: string): string {
  const end = text.indexOf('\n\n');
  return end < 0 ? text : text.slice(end + 2);
}

/** Whether there is a file, or a leaf of anything but text, that is not empty. */
export function hasAttachment(root: Entity): boolean {
  return walk(root).some(
    ({ children, body, fileName, contentType }) =>
      children.length === 0 &&
      (fileName !== undefined || !contentType.value.startsWith('text/')) &&
      body.some((byte) => byte > 0x20),
  );
}

export function isAttachment(entity: Entity): boolean {
  return entity.disposition?.value === 'attachment';
}

/** RFC 3676 §4: a line that ends in a blank goes on in the next one of the same quote depth; `-- ` never does. */
export function unflow(text: string, deleteBlank: boolean): string {
  const out: string[] = [];
  let open: { quote: string; text: string } | undefined;
  for (const line of text.split('\n')) {
    const quote = /^>*/.exec(line)?.[0] ?? '';
    const content = line.slice(quote.length).replace(/^ /, '');
    const soft = content.endsWith(' ') && content !== '-- ';
    const kept = soft && deleteBlank ? content.slice(0, -1) : content;
    if (open && open.quote === quote && content !== '-- ') open.text += kept;
    else {
      if (open) out.push(quoted(open));
      open = { quote, text: kept };
    }
    if (!soft) {
      out.push(quoted(open));
      open = undefined;
    }
  }
  if (open) out.push(quoted(open));
  return out.join('\n');
}

function quoted(line: Readonly<{ quote: string; text: string }>): string {
  return line.quote === '' ? line.text : `${line.quote} ${line.text}`;
}
