/**
 * Opens what an author encrypted by hand within a mail: attachments, armour in a text part, encrypted parts of a
 * forwarded mail, and again what lies inside those. Never puts anything in place of anything (EFAIL): what is opened
 * stands beside the entity, for members only (K1).
 */
import { decodeText } from '../../mail/charset.ts';
import { textOfEntity } from '../../mail/entity-text.ts';
import { baseName, type Entity } from '../../mail/split-entity.ts';
import { type Candidate, candidateBlock, candidatesIn } from './candidate.ts';
import { isUtf8 } from './content-entity.ts';
import { type Decrypted, decrypt, maximumOpenedBytes, type Opening } from './decrypt.ts';
import { leaves } from './encrypted-root.ts';
import type { Encryption, InnerPart, SignatureVerdict, UnopenedPart } from './opened.ts';
import { maximumListedParts } from './opened-limits.ts';
import { readInnerData } from './read-inner-data.ts';
import type { Uncovered } from './uncovered.ts';

/** Encrypted in encrypted in encrypted: each level may multiply what the one before held. People stop at two. */
export const maximumInnerDepth = 3;
/** Each is a decryption, and asks the keyholder. */
export const maximumInnerParts = 20;
/** More are not listed; the mail has to be looked at by a person anyway. */
const maximumUnopened = 100;

type Found = {
  inner: InnerPart[];
  unopened: UnopenedPart[];
  tried: number;
  bytesLeft: number;
  openedLeaves: Map<Entity, Decrypted>;
  tooMany: boolean;
};

/** A mail whose every part was encrypted by hand, text and attachments each (Enigmail, GpgOL with inline PGP). */
export type WhollyEncrypted = Readonly<{
  encryption: Encryption;
  text: string;
  /** Of the text alone. A good one is left out: it does not cover the parts beside it, so it says nothing of the whole. */
  signature: SignatureVerdict;
}>;

export async function openInnerParts(
  uncovered: Uncovered,
  opening: Opening,
): Promise<
  Readonly<{
    inner: readonly InnerPart[];
    unopened: readonly UnopenedPart[];
    wholly: WhollyEncrypted | undefined;
  }>
> {
  const found: Found = {
    inner: [],
    unopened: [],
    tried: 0,
    bytesLeft: maximumOpenedBytes,
    openedLeaves: new Map(),
    tooMany: false,
  };
  const waiting = [
    ...uncovered.blocksBeside.map((block) => candidateBlock(block, undefined, 1)),
    ...candidatesIn(uncovered.payload, 1),
  ];
  for (let candidate = waiting.shift(); candidate; candidate = waiting.shift()) {
    if (found.unopened.length >= maximumUnopened) break;
    waiting.push(...(await openOne(candidate, opening, found)));
  }
  if (found.tooMany) found.unopened.push({ fileName: undefined, keyIds: [], reason: 'too-many' });
  return { inner: found.inner, unopened: found.unopened, wholly: whollyEncrypted(uncovered, found) };
}

function whollyEncrypted(uncovered: Uncovered, found: Found): WhollyEncrypted | undefined {
  const parts = leaves(uncovered.payload).filter(
    (leaf) => !/^application\/pgp-(encrypted|signature|keys)$/.test(leaf.contentType.value) && !isBlank(leaf),
  );
  const [first] = parts;
  const opened = first && found.openedLeaves.get(first);
  if (uncovered.encryption.kind !== 'none' || !opened) return undefined;
  if (!parts.every((leaf) => found.openedLeaves.has(leaf))) return undefined;
  const text = first.contentType.value === 'text/plain' && isUtf8(opened.data) && !opened.data.includes(0);
  return {
    encryption: { kind: 'inline', keyId: opened.keyId, list: opened.list },
    text: text ? decodeText(opened.data, undefined).replace(/\r\n?/g, '\n') : '',
    signature: opened.signature.kind === 'valid' ? { kind: 'none' } : opened.signature,
  };
}

function isBlank(leaf: Entity): boolean {
  return leaf.contentType.value.startsWith('text/') && textOfEntity(leaf).trim() === '';
}

/** Opens one candidate into `found`; returns what it holds that is encrypted again. */
async function openOne(candidate: Candidate, opening: Opening, found: Found): Promise<readonly Candidate[]> {
  const limit = beyond(candidate, found);
  if (limit) {
    const message = await opening.tools.readEncrypted(candidate.bytes);
    if (message.kind === 'encrypted') found.unopened.push(unopened(candidate, limit, []));
    return [];
  }
  const opened = await decrypt(candidate.bytes, opening, found.bytesLeft);
  if (opened.kind === 'failed') {
    // K2: what merely looks encrypted is what it is; it travels in the entity.
    if (opened.reason === 'not-encrypted') return [];
    // The keyholder was asked for whatever named a key: a thousand damaged files must not be a thousand questions.
    if (candidate.claimed || opened.keyIds.length > 0) found.tried += 1;
    if (opened.reason === 'damaged' && !candidate.claimed) return [];
    found.unopened.push(unopened(candidate, opened.reason, opened.keyIds));
    return [];
  }
  found.tried += 1;
  found.bytesLeft -= opened.data.length;
  if (candidate.leaf) found.openedLeaves.set(candidate.leaf, opened);
  const fileName = opened.fileName ?? candidate.fileName?.replace(/\.(pgp|gpg|asc)$/i, '');
  const read = await readInnerData(
    opened,
    {
      fileName: fileName && baseName(fileName),
      depth: candidate.depth + 1,
      holdsEntity: candidate.holdsEntity,
    },
    opening,
  );
  for (const part of read.parts) {
    if (found.inner.length < maximumListedParts) found.inner.push(part);
    else found.tooMany = true;
  }
  return read.deeper;
}

function beyond(candidate: Candidate, found: Found): UnopenedPart['reason'] | undefined {
  if (candidate.depth > maximumInnerDepth) return 'too-deep';
  if (found.tried >= maximumInnerParts) return 'too-many';
  return found.bytesLeft <= 0 ? 'too-large' : undefined;
}

function unopened(
  candidate: Candidate,
  reason: UnopenedPart['reason'],
  keyIds: readonly string[],
): UnopenedPart {
  return { fileName: candidate.fileName, keyIds, reason };
}
