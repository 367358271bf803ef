import { textOfEntity } from '../../mail/entity-text.ts';
import { type Entity, walk } from '../../mail/split-entity.ts';
import { decodeTransfer } from '../../mail/transfer-encoding.ts';

/** An encrypted root: the armoured or binary message, and clear text that servers on the way put beside it. */
export type EncryptedRoot = Readonly<{ bytes: Uint8Array; textAround: string | undefined }>;

/**
 * PGP/MIME at the root (RFC 3156 §4), also in the shapes that servers make of it: a list's footer around it, or
 * Exchange's multipart/mixed of the same two parts. Anything but plain text beside it makes it an ordinary part.
 */
export function encryptedRoot(root: Entity): EncryptedRoot | undefined {
  const direct = messagePart(root);
  if (direct) return { bytes: direct, textAround: undefined };
  if (root.contentType.value !== 'multipart/mixed') return undefined;
  const wrapped = root.children.find((child) => messagePart(child) !== undefined);
  const inside = wrapped && messagePart(wrapped);
  if (wrapped && inside) return withTextOnly(root, [wrapped], inside);
  const mangled = mangledParts(root);
  return mangled && withTextOnly(root, mangled, decoded(mangled[1]));
}

function messagePart(entity: Entity): Uint8Array | undefined {
  if (entity.contentType.value !== 'multipart/encrypted') return undefined;
  const protocol = entity.contentType.parameters.get('protocol')?.toLowerCase();
  if (protocol !== undefined && protocol !== 'application/pgp-encrypted') return undefined;
  // Two parts; programs differ in the second's type, so what is not the version part is the message.
  const part = entity.children.find((child) => child.contentType.value !== 'application/pgp-encrypted');
  const message = part ?? entity.children[1];
  return message && entity.children.length <= 2 ? decoded(message) : undefined;
}

/** Exchange: `multipart/mixed` with [empty text,] application/pgp-encrypted, application/octet-stream. */
function mangledParts(root: Entity): readonly [Entity, Entity] | undefined {
  const version = root.children.findIndex((child) => child.contentType.value === 'application/pgp-encrypted');
  const [versionPart, message] = version < 0 ? [] : root.children.slice(version, version + 2);
  const fits = message?.contentType.value === 'application/octet-stream';
  return versionPart && message && fits ? [versionPart, message] : undefined;
}

/** A footer is a few lines; beside more than that the encrypted part is only one part of a mail in clear. */
const maximumTextBeside = 8_192;

function withTextOnly(root: Entity, taken: readonly Entity[], bytes: Uint8Array): EncryptedRoot | undefined {
  const beside = root.children.filter((child) => !taken.includes(child));
  if (beside.some((child) => child.contentType.value !== 'text/plain' || child.fileName !== undefined))
    return undefined;
  const text = beside
    .map((child) => textOfEntity(child))
    .join('\n')
    .trim();
  if (text.length > maximumTextBeside) return undefined;
  return { bytes, textAround: text === '' ? undefined : text };
}

export function decoded(entity: Entity): Uint8Array {
  return decodeTransfer(entity.body, entity.transferEncoding);
}

/** Every leaf, in the order of the mail, forwarded messages included. */
export function leaves(root: Entity): readonly Entity[] {
  return walk(root).filter((entity) => entity.children.length === 0);
}
