import { armorCertificate } from '../../../src/adapters/openpgp/armor-certificate.ts';
import { generateKey } from '../../../src/adapters/openpgp/private/generate-key.ts';
import { instantFromMilliseconds } from '../../../src/time/instant.ts';

export type Reader = Readonly<{ address: string; certificate: string }>;

/** People with a key of today's kind each: ed25519 to sign, cv25519 to encrypt. */
export async function makeReaders(group: string, count: number): Promise<readonly Reader[]> {
  const now = instantFromMilliseconds(Math.floor(Date.now() / 1000) * 1000);
  const readers: Reader[] = [];
  for (let number = 0; number < count; number += 1) {
    const address = `reader-${number}@${group}.example`;
    const { key } = await generateKey({ name: `Reader ${number}`, address }, now);
    readers.push({ address, certificate: armorCertificate(key.certificate) });
  }
  return readers;
}
