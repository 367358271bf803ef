/** Takes off what stands at a mail's root: encryption, then a signature over the whole. */
import { type Entity, splitEntity } from '../../mail/split-entity.ts';
import { checkCleartext, checkSigned } from './check-signed.ts';
import { contentEntity } from './content-entity.ts';
import { decrypt, type Opening } from './decrypt.ts';
import { encryptedRoot } from './encrypted-root.ts';
import { uncoverInline } from './uncover-inline.ts';
import { uncoverMime } from './uncover-mime.ts';
import type { RootFailure, Uncovered } from './uncovered.ts';

export async function uncoverRoot(root: Entity, opening: Opening): Promise<Uncovered | RootFailure> {
  const found = encryptedRoot(root);
  if (found) {
    const opened = await decrypt(found.bytes, opening);
    if (opened.kind === 'decrypted')
      return uncoverMime({ opened, opening, kind: 'pgp-mime', textAround: found.textAround });
    // K2: a multipart/encrypted without any encrypted packet is only dressed as one.
    if (opened.reason !== 'not-encrypted') return { kind: 'failed', reason: opened.reason };
  }
  return (await uncoverInline(root, opening)) ?? uncoverClear(root, opening);
}

async function uncoverClear(root: Entity, opening: Opening): Promise<Uncovered | RootFailure> {
  const entity = contentEntity(root);
  const split = splitEntity(entity);
  if (split.kind === 'problem') return { kind: 'failed', reason: split.reason };
  const none = { kind: 'none' } as const;
  const detached = await checkSigned(split.entity, opening, entity);
  const cleartext = detached ? undefined : await checkCleartext(split.entity, opening);
  return {
    kind: 'uncovered',
    encryption: none,
    entity,
    payload: split.entity,
    readable: cleartext?.signed ?? { kind: 'entity', entity: split.entity },
    signature: detached?.signature ?? cleartext?.signature ?? none,
    checkAgain: detached?.checkAgain ?? (async () => none),
    signed: detached ? { kind: 'entity', entity: detached.part } : cleartext?.signed,
    textAround: undefined,
    bodyDigest: undefined,
    blocksBeside: [],
  };
}
