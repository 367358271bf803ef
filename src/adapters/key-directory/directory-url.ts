/** Where a Web Key Directory keeps the certificate of an address (draft-koch-openpgp-webkey-service §3.1). */
import { createHash } from 'node:crypto';
import { type Address, domainOf, localPart } from '../../mail/address.ts';

export type DirectoryPlace = Readonly<{ host: string; path: string }>;

const letters = 'ybndrfg8ejkmcpqxot1uwisza345h769';

/** `direct` is asked only where the host of `advanced` does not exist. Undefined: no host name, so no directory. */
export function directoryPlaces(
  address: Address,
): Readonly<{ advanced: DirectoryPlace; direct: DirectoryPlace }> | undefined {
  const domain = hostName(domainOf(address));
  if (domain === undefined) return undefined;
  const local = localPart(address);
  // The hash is over the lower-cased local part (ASCII alone), `l` is as it was written.
  const lowered = local.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const name = zBase32(createHash('sha1').update(lowered).digest());
  const found = `hu/${name}?l=${encodeURIComponent(local)}`;
  return {
    advanced: { host: `openpgpkey.${domain}`, path: `/.well-known/openpgpkey/${domain}/${found}` },
    direct: { host: domain, path: `/.well-known/openpgpkey/${found}` },
  };
}

/** In ASCII, and no number that would be an IP address. */
function hostName(domain: string): string | undefined {
  if (!URL.canParse(`https://${domain}/`)) return undefined;
  const { hostname } = new URL(`https://${domain}/`);
  return /^(?=.{1,242}$)(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*$/.test(hostname) ? hostname : undefined;
}

/** RFC 6189 §5.1.6. A digest of 20 bytes gives 32 letters without a rest. */
function zBase32(bytes: Uint8Array): string {
  let text = '';
  for (let bit = 0; bit < bytes.length * 8; bit += 5) {
    const pair = ((bytes[bit >> 3] ?? 0) << 8) | (bytes[(bit >> 3) + 1] ?? 0);
    text += letters[(pair >> (11 - (bit & 7))) & 31];
  }
  return text;
}
