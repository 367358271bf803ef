import { armorCertificate } from './armor-certificate.ts';
import { openpgpError } from './openpgp-error.ts';
import { readCertificates } from './read-certificates.ts';

/**
 * The one certificate in what somebody sent, armoured in the one form that we write: what is signed for is then what is
 * kept, byte for byte (I10). Rejects as `readCertificates` does, or with `several-certificates`.
 */
export async function writeCertificate(bytes: Uint8Array): Promise<string> {
  const [certificate, ...others] = await readCertificates(bytes);
  if (certificate && others.length === 0) return armorCertificate(certificate);
  throw openpgpError(
    'several-certificates',
    `The file holds ${others.length + 1} certificates. Export one: gpg --armor --export FINGERPRINT`,
  );
}
