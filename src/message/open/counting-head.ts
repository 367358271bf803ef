import { type HeaderField, readHeader } from '../../mail/header-fields.ts';
import type { LetterHead } from '../../mail/letter-head.ts';
import { readLetterHead } from '../../mail/read-letter-head.ts';
import type { Entity } from '../../mail/split-entity.ts';
import { decoded } from './encrypted-root.ts';

/** What a protected header may say; all else (Received, List-*, Auto-Submitted) is the transport's word. */
const protectable = new Set([
  'from',
  'to',
  'cc',
  'subject',
  'date',
  'message-id',
  'in-reply-to',
  'references',
  'reply-to',
]);

/**
 * The header that counts: protected fields where encryption, or a valid signature in clear, covers them; the outer
 * ones for the rest. RFC 9788 (`hp=`), its forerunner (`protected-headers="v1"`), and a wrapped message/rfc822.
 */
export function countingHead(
  from: Readonly<{
    outerFields: readonly HeaderField[];
    payload: Entity;
    encrypted: boolean;
    /** A valid signature covers the payload. */
    valid: boolean;
  }>,
): LetterHead {
  const outer = readLetterHead(from.outerFields);
  // In clear and not validly signed, an inner header is only a second outer one, good for nothing but deceit.
  if (!from.encrypted && !from.valid) return outer;
  const inside = protectedFields(from.payload, from.encrypted).filter((field) =>
    protectable.has(field.lowerName),
  );
  if (inside.length === 0) return outer;
  const replaced = new Set(inside.map((field) => field.lowerName));
  const kept = from.outerFields.filter((field) => !replaced.has(field.lowerName));
  const head = readLetterHead([...inside, ...kept]);
  return { ...head, repeated: [...new Set([...outer.repeated, ...head.repeated])] };
}

/** Fields of the part that carries the protected header; none when there is none. */
export function protectedFields(root: Entity, encrypted: boolean): readonly HeaderField[] {
  // RFC 9788 §4.2.1: the payload is what lies inside all layers, so inside a signature within the encryption too.
  const payload = root.contentType.value === 'multipart/signed' ? (root.children[0] ?? root) : root;
  if (isMarked(payload) && namesSomething(payload.fields)) return payload.fields;
  const [first] = payload.children;
  if (payload.contentType.value === 'message/rfc822') {
    // RFC 8551 §3.1 and older Apple Mail: the whole message was wrapped; `forwarded=yes` would be an attachment.
    const wrapped = encrypted && payload.contentType.parameters.get('forwarded')?.toLowerCase() !== 'yes';
    return wrapped && first ? first.fields : [];
  }
  if (first?.contentType.value === 'text/rfc822-headers' && (isMarked(first) || isMarked(payload))) {
    return headerText(first);
  }
  if (first && isMarked(first) && namesSomething(first.fields)) return first.fields;
  // "Memory hole" without its mark: within the encryption nobody but the author could write these.
  return encrypted && namesSomething(payload.fields) ? payload.fields : [];
}

function isMarked(entity: Entity): boolean {
  const { parameters } = entity.contentType;
  return parameters.has('hp') || parameters.get('protected-headers')?.toLowerCase() === 'v1';
}

function namesSomething(fields: readonly HeaderField[]): boolean {
  return fields.some((field) => protectable.has(field.lowerName));
}

function headerText(entity: Entity): readonly HeaderField[] {
  const bytes = decoded(entity);
  const header = readHeader(bytes, 0, bytes.length);
  return typeof header === 'string' ? [] : header.fields;
}
