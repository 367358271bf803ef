/** Makes our own keys: ed25519 to sign, cv25519 to encrypt, version 4, as GnuPG 2.2 reads nothing newer (TECH). */
import { generateKey as generateWithLibrary } from 'openpgp';
import type { Instant } from '../../../time/instant.ts';
import { openpgpConfig } from '../openpgp-config.ts';
import { type PrivateKey, readPrivateKey } from './private-key.ts';

/** `address` becomes part of the user id, which `embargod list key` shows and mail programs look for. */
export type KeyOwner = Readonly<{ name: string; address?: string }>;

/** The secret key, binary and without passphrase: it is to be put into an encrypted file at once. */
export async function generateKey(
  owner: KeyOwner,
  now: Instant,
): Promise<Readonly<{ secret: Uint8Array; key: PrivateKey }>> {
  const userId =
    owner.address === undefined ? { name: owner.name } : { name: owner.name, email: owner.address };
  const { privateKey } = await generateWithLibrary({
    type: 'ecc',
    curve: 'ed25519Legacy',
    userIDs: [userId],
    date: new Date(now),
    format: 'binary',
    config: openpgpConfig,
  });
  return { secret: privateKey, key: await readPrivateKey(privateKey) };
}
