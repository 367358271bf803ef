import { readHeader } from '../../mail/header-fields.ts';
import { splitEntity } from '../../mail/split-entity.ts';
import { checkSigned } from './check-signed.ts';
import { plainEntity, withCrlf } from './content-entity.ts';
import type { Decrypted, Opening } from './decrypt.ts';
import type { RootFailure, Uncovered } from './uncovered.ts';

/** RFC 3156 §4: the decrypted data is a MIME entity; §6.1, §6.2: signed inside it or together with it. */
export async function uncoverMime(
  from: Readonly<{
    opened: Decrypted;
    opening: Opening;
    kind: 'pgp-mime' | 'inline';
    textAround: string | undefined;
    blocksBeside?: readonly string[];
  }>,
): Promise<Uncovered | RootFailure> {
  const { opened, opening } = from;
  const entity = isEntity(opened.data) ? withCrlf(opened.data) : plainEntity(opened.data);
  const split = splitEntity(entity);
  if (split.kind === 'problem') return { kind: 'failed', reason: split.reason };
  const payload = split.entity;
  const whole = { kind: 'entity', entity: payload } as const;
  const inside =
    opened.signature.kind === 'none' ? await checkSigned(payload, opening, opened.data) : undefined;
  return {
    kind: 'uncovered',
    encryption: { kind: from.kind, keyId: opened.keyId, list: opened.list },
    entity,
    payload,
    readable: whole,
    signature: inside?.signature ?? opened.signature,
    checkAgain: inside?.checkAgain ?? opened.checkAgain,
    signed: inside ? { kind: 'entity', entity: inside.part } : whole,
    textAround: from.textAround,
    bodyDigest: opened.bodyDigest,
    blocksBeside: from.blocksBeside ?? [],
  };
}

/** Some programs encrypt bare text where RFC 3156 wants an entity; it becomes one, so that copies show all of it. */
function isEntity(data: Uint8Array): boolean {
  const bare = data[0] === 0x0a || (data[0] === 0x0d && data[1] === 0x0a);
  return bare || saysItIsMime(data);
}

/** Begins with header fields, a Content-* among them, and then a blank line. */
export function saysItIsMime(data: Uint8Array): boolean {
  const header = readHeader(data, 0, data.length);
  if (typeof header === 'string' || !header.fields.some((field) => field.lowerName.startsWith('content-'))) {
    return false;
  }
  const last = header.fields.at(-1);
  return last !== undefined && header.bodyStart > last.end;
}
