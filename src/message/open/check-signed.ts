import { textOfEntity } from '../../mail/entity-text.ts';
import { type Entity, splitEntity } from '../../mail/split-entity.ts';
import type { Certificate } from '../../membership/certificate.ts';
import type { Readable } from './authors-text.ts';
import type { Opening } from './decrypt.ts';
import { decoded } from './encrypted-root.ts';
import { findArmour } from './find-armour.ts';
import type { SignatureVerdict } from './opened.ts';

export type DetachedCheck = Readonly<{
  signature: SignatureVerdict;
  checkAgain: (certificates: readonly Certificate[]) => Promise<SignatureVerdict>;
  /** The signed part, and nothing beside it. */
  part: Entity;
}>;

/**
 * RFC 3156 §5: the signature over a root's first part. Undefined when the root is no multipart/signed of exactly two
 * parts: a third one would be shown as signed and is not. `unmended` is the root before its line ends were mended.
 */
export async function checkSigned(
  root: Entity,
  opening: Opening,
  unmended: Uint8Array,
): Promise<DetachedCheck | undefined> {
  const check = detachedCheck(root, opening);
  if (!check) return undefined;
  const verdict = await check([]);
  if (verdict.kind !== 'invalid')
    return { signature: verdict, checkAgain: check, part: root.children[0] ?? root };
  // Some programs sign the bare LF they wrote; then the bytes as they came are what was signed.
  const before = splitEntity(unmended);
  const asItCame = before.kind === 'entity' ? detachedCheck(before.entity, opening) : undefined;
  const [part] = before.kind === 'entity' ? before.entity.children : [];
  const second = asItCame && part && unmended.length !== root.bytes.length ? await asItCame([]) : verdict;
  if (second.kind === 'invalid' || !asItCame || !part) {
    return { signature: verdict, checkAgain: check, part: root.children[0] ?? root };
  }
  return { signature: second, checkAgain: asItCame, part };
}

function detachedCheck(root: Entity, opening: Opening): DetachedCheck['checkAgain'] | undefined {
  const [part, signature] = root.children;
  if (root.contentType.value !== 'multipart/signed' || root.children.length !== 2 || !part || !signature) {
    return undefined;
  }
  if (signature.contentType.value !== 'application/pgp-signature') return undefined;
  return (more) =>
    opening.tools.verifyDetached({
      signedBytes: part.bytes,
      signature: decoded(signature),
      certificates: [...opening.task.certificates, ...more],
      now: opening.task.now,
    });
}

export type CleartextCheck = Readonly<{
  signature: SignatureVerdict;
  checkAgain: DetachedCheck['checkAgain'];
  signed: Readable;
}>;

/** A root whose one text is signed in clear (RFC 9580 §7). */
export async function checkCleartext(root: Entity, opening: Opening): Promise<CleartextCheck | undefined> {
  const type = root.contentType.value;
  return type === 'text/plain' || type === 'application/pgp'
    ? checkCleartextBlock(textOfEntity(root), opening)
    : undefined;
}

/** Undefined unless the text is one signed block and nothing else: a signature over a piece is no root's verdict. */
export async function checkCleartextBlock(
  text: string,
  opening: Opening,
): Promise<CleartextCheck | undefined> {
  const { blocks, around } = findArmour(text, 'SIGNED MESSAGE');
  const [block] = blocks;
  if (block === undefined || blocks.length > 1 || around !== undefined) return undefined;
  const { task, tools } = opening;
  const check = (more: readonly Certificate[]) =>
    tools.verifyCleartext({ text: block, certificates: [...task.certificates, ...more], now: task.now });
  const verified = await check([]);
  if (!verified) return undefined;
  return {
    signature: verified.signature,
    checkAgain: async (more) => (await check(more))?.signature ?? verified.signature,
    signed: { kind: 'text', text: verified.text.replace(/\r\n?/g, '\n') },
  };
}
