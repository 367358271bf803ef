/** A certificate as people exchange it: `embargod list key` prints this. */
import type { Certificate } from '../../membership/certificate.ts';
import { armorLines, checksumLine } from './copy-armor.ts';
import { crc24 } from './crc24.ts';

/** Line feeds only: it is for files and terminals. */
export function armorCertificate(certificate: Pick<Certificate, 'bytes'>): string {
  const lines = Buffer.from(armorLines(certificate.bytes)).toString('latin1').replaceAll('\r\n', '\n');
  const begin = '-----BEGIN PGP PUBLIC KEY BLOCK-----';
  const end = '-----END PGP PUBLIC KEY BLOCK-----';
  return `${begin}\n\n${lines}${checksumLine(crc24(certificate.bytes))}\n${end}\n`;
}
