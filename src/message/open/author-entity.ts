import { joinBytes } from '../../mail/bytes.ts';
import { asLatin1 } from '../../mail/charset.ts';
import type { Entity } from '../../mail/split-entity.ts';
import type { Uncovered } from './uncovered.ts';

/**
 * The author's root entity as copies carry it (M1): byte for byte, but for what would pose as ours or as signed. Fields
 * named like ours go, and so does what stands outside the boundaries of a signed mail: nobody signed it, and who reads by
 * hand with `gpg -d` (M2) would find it under the verdict on what lies between them.
 */
export function authorEntity({ payload, signed, entity }: Uncovered): Uint8Array {
  const partIsSigned = signed?.kind === 'entity' && signed.entity.start > payload.start;
  const body = partIsSigned ? withoutMargins(payload) : payload.body;
  const fields = payload.fields.filter((field) => !field.lowerName.startsWith('embargod-'));
  if (body === payload.body && fields.length === payload.fields.length) return entity;
  return joinBytes(...fields.map((field) => field.bytes), encoder.encode('\r\n'), body);
}

const encoder = new TextEncoder();

/** RFC 2046 §5.1.1: a preamble and an epilogue are to be ignored. The same body when there is neither. */
function withoutMargins(root: Entity): Uint8Array {
  const [first] = root.children;
  const last = root.children.at(-1);
  if (!first || !last) return root.body;
  const before = root.body.subarray(0, first.start - root.bodyStart);
  const after = root.body.subarray(last.end - root.bodyStart);
  const opening = lastLine(before);
  const closing = /^\r\n--[^\r\n]*\r\n|^\r\n--[^\r\n]*$/.exec(asLatin1(after))?.[0].length ?? after.length;
  const isBare =
    asLatin1(before.subarray(0, opening)).trim() === '' && asLatin1(after.subarray(closing)).trim() === '';
  return isBare
    ? root.body
    : joinBytes(
        before.subarray(opening),
        root.body.subarray(first.start - root.bodyStart, last.end - root.bodyStart),
        after.subarray(0, closing),
      );
}

/** Offset of the boundary's line, which is the last one before the first part. */
function lastLine(before: Uint8Array): number {
  return before.lastIndexOf(0x0a, before.length - 2) + 1;
}
