/** OpenPGP as people exchange it by file: certificates (`embargod list key`), messages (`embargod key export`). */
import type { Certificate } from '../../membership/certificate.ts';
import { armorLines, checksumLine } from './copy-armor.ts';
import { crc24 } from './crc24.ts';

/** Line feeds only: it is for files and terminals. */
export function armorCertificate(certificate: Pick<Certificate, 'bytes'>): string {
  return armor('PGP PUBLIC KEY BLOCK', certificate.bytes);
}

export function armorMessage(bytes: Uint8Array): string {
  return armor('PGP MESSAGE', bytes);
}

function armor(kind: string, bytes: Uint8Array): string {
  const lines = Buffer.from(armorLines(bytes)).toString('latin1').replaceAll('\r\n', '\n');
  return `-----BEGIN ${kind}-----\n\n${lines}${checksumLine(crc24(bytes))}\n-----END ${kind}-----\n`;
}
