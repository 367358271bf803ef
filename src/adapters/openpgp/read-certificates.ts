/** Certificates from what people send: armoured or binary, several keys in one block, several blocks in one file. */
import { readKeys } from 'openpgp';
import type { Certificate } from '../../membership/certificate.ts';
import { boundPackets, maximumListedPackets } from './bound-packets.ts';
import { certificateOf } from './certificate-of.ts';
import { openpgpConfig } from './openpgp-config.ts';
import { openpgpError } from './openpgp-error.ts';
import { packetTag, readPackets } from './packets.ts';
import { type ArmorBlock, isBinary, readArmorBlocks } from './read-armor.ts';

/** Flooded keys carry megabytes of strangers' signatures, each of which costs parsing; a clean key is under 20 KB. */
const maximumCertificateBytes = 1024 * 1024;

/** Throws `secret-key-given`, `certificate-too-large` or `certificate-unreadable`; never returns an empty list. */
export async function readCertificates(bytes: Uint8Array): Promise<readonly Certificate[]> {
  const certificates: Certificate[] = [];
  boundPackets();
  for (const block of blocksOf(bytes)) {
    refuseSecretKeys(block);
    const keys = await readKeys({ binaryKeys: block, config: openpgpConfig }).catch(() => undefined);
    if (keys === undefined) throw unreadable();
    certificates.push(...keys.map(certificateOf));
  }
  if (certificates.length === 0) throw unreadable();
  return certificates;
}

/** The same without complaint: what cannot be read is left out, secret keys too. For keys found in mail. */
export async function findCertificates(bytes: Uint8Array): Promise<readonly Certificate[]> {
  const found: Certificate[] = [];
  if (bytes.length > maximumCertificateBytes) return found;
  boundPackets();
  for (const block of isBinary(bytes) ? [bytes] : publicBlocks(readArmorBlocks(bytes))) {
    try {
      refuseSecretKeys(block);
      found.push(...(await readKeys({ binaryKeys: block, config: openpgpConfig })).map(certificateOf));
    } catch {
      // The mail is still read; the key is not taken.
    }
  }
  return found;
}

function blocksOf(bytes: Uint8Array): readonly Uint8Array[] {
  if (bytes.length > maximumCertificateBytes) {
    throw openpgpError(
      'certificate-too-large',
      'The certificate file is larger than 1 MiB. Export it without the signatures of others: gpg --export-options export-minimal --export --armor KEY',
    );
  }
  if (isBinary(bytes)) return [bytes];
  const blocks = readArmorBlocks(bytes);
  if (blocks.some((block) => block.type.startsWith('PRIVATE KEY'))) throw secretGiven();
  return publicBlocks(blocks);
}

function publicBlocks(blocks: readonly ArmorBlock[]): readonly Uint8Array[] {
  return blocks.filter((block) => block.type === 'PUBLIC KEY BLOCK').map((block) => block.bytes);
}

function refuseSecretKeys(block: Uint8Array): void {
  const secret: readonly number[] = [packetTag.secretKey, packetTag.secretSubkey];
  if (readPackets(block, maximumListedPackets).packets.some((packet) => secret.includes(packet.tag)))
    throw secretGiven();
}

function secretGiven(): Error {
  return openpgpError(
    'secret-key-given',
    'This file holds a secret key. Nobody but its owner should have it: make a new key, and send only its public half (gpg --export --armor KEY).',
  );
}

function unreadable(): Error {
  return openpgpError(
    'certificate-unreadable',
    'No OpenPGP public key could be read. Send what `gpg --export --armor KEY` prints.',
  );
}
