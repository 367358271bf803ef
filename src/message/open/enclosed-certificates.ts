import { fromLatin1 } from '../../mail/charset.ts';
import { readContentHeader } from '../../mail/content-header.ts';
import { textOfEntity } from '../../mail/entity-text.ts';
import type { Entity } from '../../mail/split-entity.ts';
import { decodeBase64 } from '../../mail/transfer-encoding.ts';
import type { Certificate } from '../../membership/certificate.ts';
import { protectedFields } from './counting-head.ts';
import { decoded, leaves } from './encrypted-root.ts';
import { findArmour } from './find-armour.ts';
import { longestUserId, maximumUserIds } from './opened-limits.ts';
import type { OpeningTools } from './opening-tools.ts';
import type { Uncovered } from './uncovered.ts';

/** Parsing a certificate costs milliseconds; a reporter sends one or two. */
const maximumCertificates = 10;
/** A certificate poisoned with signatures grows to megabytes and takes minutes to read. Real ones are below 200 KB. */
const maximumCertificateBytes = 512 * 1024;

/** Certificates that lie inside the encryption: attached, in the text, or Autocrypt's in the protected header (A1). */
export async function enclosedCertificates(
  uncovered: Uncovered,
  tools: OpeningTools,
): Promise<readonly Certificate[]> {
  // A1: in clear anybody on the way could have put them there.
  if (uncovered.encryption.kind === 'none') return [];
  const found = new Map<string, Certificate>();
  for (const bytes of [...autocryptKeys(uncovered.payload), ...attachedKeys(uncovered.payload)]) {
    if (found.size >= maximumCertificates) break;
    if (bytes.length > maximumCertificateBytes) continue;
    for (const certificate of await tools.readCertificates(bytes)) {
      if (found.size < maximumCertificates && hasUsualNames(certificate))
        found.set(certificate.fingerprint, certificate);
    }
  }
  return [...found.values()];
}

/** The keyholder refuses the whole word of a child that brings others (P3), and the mail would be held unread. */
function hasUsualNames({ userIds }: Certificate): boolean {
  return userIds.length <= maximumUserIds && userIds.every((userId) => userId.length <= longestUserId);
}

function attachedKeys(payload: Entity): readonly Uint8Array[] {
  const keys: Uint8Array[] = [];
  for (const leaf of leaves(payload)) {
    if (leaf.contentType.value === 'application/pgp-keys') keys.push(decoded(leaf));
    else if (
      leaf.contentType.value.startsWith('text/') ||
      /\.(asc|pgp|gpg|key|pub)$/i.test(leaf.fileName ?? '')
    ) {
      const { blocks } = findArmour(textOfEntity(leaf), 'PUBLIC KEY BLOCK');
      keys.push(...blocks.map((block) => new TextEncoder().encode(block)));
    }
    if (keys.length >= maximumCertificates) break;
  }
  return keys.slice(0, maximumCertificates);
}

/** Autocrypt Level 1 §2.1: `addr=…; prefer-encrypt=mutual; keydata=BASE64`. */
function autocryptKeys(payload: Entity): readonly Uint8Array[] {
  const field = protectedFields(payload, true).find((candidate) => candidate.lowerName === 'autocrypt');
  const data = field && readContentHeader(`autocrypt;${field.value}`).parameters.get('keydata');
  return data === undefined ? [] : [decodeBase64(fromLatin1(data))];
}
