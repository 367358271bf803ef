/** `key export` (K6): every private key as one OpenPGP message to the custodian. Nobody else can open it, the operator neither (P7). */
import type { Certificate, ExamineCertificates } from '../../../membership/certificate.ts';
import type { Instant } from '../../../time/instant.ts';
import { armorMessage } from '../armor-certificate.ts';
import { createCertificateCache } from '../certificate-cache.ts';
import type { PrivateKey } from '../private/private-key.ts';
import { signDetached } from '../private/sign-detached.ts';
import { sealMessage } from '../seal-message.ts';
import type { KeyDirectory } from './key-directory.ts';
import { everyKey, writeKeyDocument } from './key-document.ts';

export type ExportedKeys = Readonly<{
  /** Armoured, signed by the keyholder's request key. */
  armour: string;
  count: number;
  /** Fingerprint of that key. */
  signedBy: string;
}>;

/** `without`: names of keys that are left out, such as a spare one of a list. */
export type ExportKeys = (
  task: Readonly<{ certificates: readonly Certificate[]; without: readonly string[]; now: Instant }>,
) => Promise<ExportedKeys>;

/** The custodian's certificate is a stranger's bytes: another process looks into it (P3). */
export function keyExporter(
  directory: KeyDirectory,
  origin: Readonly<{ demo: boolean; requestKey: PrivateKey }>,
  examine: ExamineCertificates,
): ExportKeys {
  const cache = createCertificateCache(examine);
  const { demo, requestKey } = origin;
  return async ({ certificates, without, now }) => {
    const assessed = await Promise.all(certificates.map(({ bytes }) => cache.assess(bytes, now)));
    const keys = (await everyKey(directory)).filter(({ name }) => !without.includes(name));
    const document = writeKeyDocument({ demo, keys }, now);
    const sealed = sealMessage(
      document,
      assessed.flatMap(({ encryptionKeys }) => encryptionKeys),
      await signDetached(requestKey, document, now),
    );
    return {
      armour: armorMessage(sealed),
      count: keys.length,
      signedBy: requestKey.certificate.fingerprint,
    };
  };
}
