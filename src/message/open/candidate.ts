import { textOfEntity } from '../../mail/entity-text.ts';
import { type Entity, walk } from '../../mail/split-entity.ts';
import { decoded, leaves } from './encrypted-root.ts';
import { findArmour } from './find-armour.ts';

/** Something within a mail that may be encrypted by hand. */
export type Candidate = Readonly<{
  bytes: Uint8Array;
  fileName: string | undefined;
  depth: number;
  /** Its type, name or armour says that it is encrypted; without that a failure to read it says nothing. */
  claimed: boolean;
  /** PGP/MIME: what is inside is an entity (RFC 3156 §4). A file that merely looks like one stays a file. */
  holdsEntity: boolean;
  /** Of the mail's own leaf that consists of this and nothing else. */
  leaf?: Entity;
}>;

/** Every encrypted-looking leaf and every armoured block in a text, in the order of the mail. */
export function candidatesIn(root: Entity, depth: number): readonly Candidate[] {
  const dressed = new Set(
    walk(root)
      .filter((parent) =>
        parent.children.some((child) => child.contentType.value === 'application/pgp-encrypted'),
      )
      .flatMap((parent) => parent.children),
  );
  return leaves(root).flatMap((leaf) => {
    const type = leaf.contentType.value;
    const named = /\.(pgp|gpg|asc)$/i.test(leaf.fileName ?? '') || type === 'application/pgp';
    if (type.startsWith('text/') && !/\.(pgp|gpg)$/i.test(leaf.fileName ?? '')) {
      const { blocks, around } = findArmour(textOfEntity(leaf, Number.POSITIVE_INFINITY), 'MESSAGE');
      const alone = blocks.length === 1 && around === undefined && depth === 1;
      return blocks.map((block) => ({
        ...candidateBlock(block, leaf.fileName, depth),
        ...(alone ? { leaf } : {}),
      }));
    }
    const candidate = candidateOf(decoded(leaf), {
      fileName: leaf.fileName,
      claimed: named,
      holdsEntity: dressed.has(leaf),
      depth,
      leaf,
    });
    return candidate ? [candidate] : [];
  });
}

export function candidateBlock(block: string, fileName: string | undefined, depth: number): Candidate {
  return { bytes: new TextEncoder().encode(block), fileName, depth, claimed: true, holdsEntity: false };
}

export function candidateOf(bytes: Uint8Array, about: Omit<Candidate, 'bytes'>): Candidate | undefined {
  const start = new TextDecoder('windows-1252').decode(bytes.subarray(0, 4096)).replace(/^\s+/, '');
  if (start.startsWith('-----BEGIN PGP MESSAGE-----')) return { ...about, bytes, claimed: true };
  // Keys and detached signatures are named .asc and .gpg too; only session-key packets begin an encrypted message.
  return beginsWithSessionKey(bytes) ? { ...about, bytes } : undefined;
}

/** RFC 9580 §4.2: first octet of a packet with tag 1 (PKESK), 3 (SKESK) or 10 (marker), old and new format. */
function beginsWithSessionKey(bytes: Uint8Array): boolean {
  const first = bytes[0] ?? 0;
  if (first < 0x80) return false;
  const tag = first >= 0xc0 ? first & 0x3f : (first & 0x3c) >> 2;
  return tag === 1 || tag === 3 || tag === 10;
}
