/**
 * The author's entity as it would go in clear to a reporter (R3): as it was written where that can travel, else with its
 * parts in base64; without command lines; without the protected header, which was never said to be fit for clear. What
 * was opened inside (K1) is not in the author's entity, so it cannot get here. Made in the child, as only it takes mail
 * apart (P3); whether it goes anywhere is decided in `file/reporter-in-clear.ts`.
 */
import { readCommands } from '../../case/mail-commands.ts';
import { joinBytes } from '../../mail/bytes.ts';
import { openingText } from '../../mail/entity-text.ts';
import { type Entity, splitEntity, walk } from '../../mail/split-entity.ts';
import { decodeTransfer } from '../../mail/transfer-encoding.ts';
import { isWireSafe } from '../../mail/wire-safe.ts';
import { contentEntity } from './content-entity.ts';
import type { ClearEntity, Opened } from './opened.ts';
import { largestInClear } from './opened-limits.ts';
import { base64Body, textForClear } from './text-for-clear.ts';

type Base64 = (bytes: Uint8Array) => string;

export function clearEntity(
  opened: Pick<Opened, 'entity' | 'encryption' | 'signedText'>,
  base64: Base64,
): ClearEntity {
  if (opened.entity.length > largestInClear) return { kind: 'too-large' };
  const bytes = writeInClear(opened, base64);
  if (!bytes) return { kind: 'unfit' };
  return bytes.length > largestInClear ? { kind: 'too-large' } : { kind: 'fit', bytes };
}

/** Undefined when there is no way to send it in clear without saying something that its author did not. */
function writeInClear(
  { entity, encryption, signedText }: Pick<Opened, 'entity' | 'encryption' | 'signedText'>,
  base64: Base64,
): Uint8Array | undefined {
  const rest = restOf(signedText);
  const split = splitEntity(entity);
  if (split.kind === 'problem') return undefined;
  const asItCame = encryption.kind === 'none' && rest === undefined && isWireSafe(entity);
  if (asItCame) return contentEntity(split.entity);
  const base = withoutSignature(split.entity);
  const instead = rest === undefined ? undefined : replacement(base, rest, signedText, base64);
  if (rest !== undefined && !instead) return undefined;
  if (instead?.of === base) return instead.bytes;
  const bytes = splice(base, [...(instead ? [instead] : []), ...reencoded(base, instead?.of, base64)]);
  const again = splitEntity(bytes);
  const written = again.kind === 'entity' ? contentEntity(again.entity) : undefined;
  return written && isWireSafe(written) ? written : undefined;
}

/** What is sent instead of a text that holds commands; undefined: there are none, nothing is changed. */
function restOf(signedText: string | undefined): string | undefined {
  const read = signedText === undefined ? undefined : readCommands(signedText);
  return read && read.lines.length > 0 ? read.rest : undefined;
}

type Replacement = Readonly<{ of: Entity; bytes: Uint8Array }>;

/** A signature over what is changed, or over a header that stays inside, would only be a bad one. */
function withoutSignature(root: Entity): Entity {
  const [signed] = root.children;
  return root.contentType.value === 'multipart/signed' && signed ? signed : root;
}

/** In place of the text that the commands were read from goes the rest of exactly that text (A2). */
function replacement(
  base: Entity,
  rest: string,
  signedText: string | undefined,
  base64: Base64,
): Replacement | undefined {
  const bytes = textForClear(rest, base64);
  const opening = openingText(base);
  // Signed in clear: the text is what stood inside the signature, and the mail is nothing but that.
  if (!opening || opening.text !== signedText)
    return base.children.length === 0 ? { of: base, bytes } : undefined;
  // The same in HTML beside it would still say the command: the plain one stands for all of them.
  const choices = walk(base).find(
    (entity) =>
      entity.contentType.value === 'multipart/alternative' && entity.children.includes(opening.part),
  );
  return { of: choices ?? opening.part, bytes };
}

/** Parts that hold 8-bit or long lines; a message inside may not be base64 (RFC 2045 §6.4) and stays as it is. */
function reencoded(base: Entity, replaced: Entity | undefined, base64: Base64): readonly Replacement[] {
  const parts = walk(
    base,
    (entity) => entity !== replaced && !entity.contentType.value.startsWith('message/'),
  );
  return parts
    .filter((part) => part !== replaced && part.children.length === 0 && !isWireSafe(part.bytes))
    .map((part) => {
      const fields = part.fields.filter(
        ({ lowerName }) => lowerName.startsWith('content-') && lowerName !== 'content-transfer-encoding',
      );
      const body = base64Body(decodeTransfer(part.body, part.transferEncoding), base64);
      return { of: part, bytes: joinBytes(...fields.map((field) => field.bytes), body) };
    });
}

/** `base` with some of its parts replaced, in their order. */
function splice(base: Entity, replacements: readonly Replacement[]): Uint8Array {
  const pieces: Uint8Array[] = [];
  let at = base.start;
  for (const { of, bytes } of replacements.toSorted((one, other) => one.of.start - other.of.start)) {
    pieces.push(base.bytes.subarray(at - base.start, of.start - base.start), bytes);
    at = of.end;
  }
  return joinBytes(...pieces, base.bytes.subarray(at - base.start));
}
