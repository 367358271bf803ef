/** A binary signature (0x00, SHA-512) over bytes, by one of our keys. */
import { createMessage, sign } from 'openpgp';
import type { Instant } from '../../../time/instant.ts';
import { openpgpConfig } from '../openpgp-config.ts';
import type { SignedBytes } from '../seal-message.ts';
import type { PrivateKey } from './private-key.ts';

export async function signDetached(key: PrivateKey, content: Uint8Array, now: Instant): Promise<SignedBytes> {
  const date = new Date(now);
  const signingKey = await key.library.getSigningKey(undefined, date, undefined, openpgpConfig);
  const signature = await sign({
    message: await createMessage({ binary: content, date }),
    signingKeys: key.library,
    detached: true,
    format: 'binary',
    date,
    config: openpgpConfig,
  });
  return { signature, keyId: Buffer.from(signingKey.getKeyID().toHex(), 'hex') };
}
