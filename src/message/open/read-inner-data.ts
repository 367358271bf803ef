import { textOfEntity } from '../../mail/entity-text.ts';
import { type Entity, splitEntity } from '../../mail/split-entity.ts';
import { type Candidate, candidateOf, candidatesIn } from './candidate.ts';
import { checkSigned } from './check-signed.ts';
import { isUtf8 } from './content-entity.ts';
import type { Decrypted, Opening } from './decrypt.ts';
import { decoded, leaves } from './encrypted-root.ts';
import type { InnerPart } from './opened.ts';
import { partType } from './opened-limits.ts';
import { saysItIsMime } from './uncover-mime.ts';

/** What an opened part consists of, and what in it is encrypted again. */
export type InnerData = Readonly<{ parts: readonly InnerPart[]; deeper: readonly Candidate[] }>;

/**
 * Reads what decryption gave. A MIME entity is taken apart into files that people can open, as message types may not
 * be base64 (RFC 2045 §6.4) and nobody reads MIME by eye; anything else is one file, a patch with mail headers too.
 */
export async function readInnerData(
  opened: Decrypted,
  about: Readonly<{ fileName: string | undefined; depth: number; holdsEntity: boolean }>,
  opening: Opening,
): Promise<InnerData> {
  const { data, bodyDigest } = opened;
  const again = candidateOf(data, { ...about, claimed: false });
  if (again) return { parts: [], deeper: [again] };
  const split = about.holdsEntity && saysItIsMime(data) ? splitEntity(data) : undefined;
  if (split?.kind !== 'entity') {
    const contentType = !data.includes(0) && isUtf8(data) ? 'text/plain' : 'application/octet-stream';
    const { fileName } = about;
    return {
      parts: [{ fileName, contentType, bytes: data, signature: opened.signature, bodyDigest }],
      deeper: [],
    };
  }
  const root = split.entity;
  const inside = opened.signature.kind === 'none' ? await checkSigned(root, opening, data) : undefined;
  const signature = inside?.signature ?? opened.signature;
  const deeper = candidatesIn(root, about.depth);
  const files = leaves(root).filter(
    (leaf) => !/^application\/pgp-(encrypted|signature)$/.test(leaf.contentType.value),
  );
  const parts = files.map((leaf) => ({ ...fileOf(leaf), signature, bodyDigest }));
  return { parts, deeper };
}

/** A file as it was attached; text without a name in UTF-8, since its charset is not told on. */
function fileOf(leaf: Entity): Pick<InnerPart, 'fileName' | 'contentType' | 'bytes'> {
  const { fileName } = leaf;
  const type = leaf.contentType.value;
  const contentType = partType.test(type) ? type : 'application/octet-stream';
  const asText = fileName === undefined && type.startsWith('text/');
  return {
    fileName,
    contentType,
    bytes: asText ? new TextEncoder().encode(textOfEntity(leaf)) : decoded(leaf),
  };
}
