/**
 * An address as SMTP carries it (RFC 5321 §4.1.2, RFC 6531): `local@domain`, the domain in lower case.
 * The local part keeps its case, as its owner's server may mean it; `sameMailbox` compares without.
 */
export type Address = string & { readonly __brand: 'Address' };

/** RFC 5321 §4.5.3.1: longer ones are nobody's, and would only fill our rows. */
const maximumLocalPart = 64;
const maximumAddress = 254;

/** Undefined when the text is no bare address. Control characters, spaces and angle brackets never pass. */
export function parseAddress(text: string): Address | undefined {
  const at = text.lastIndexOf('@');
  if (at < 1 || at > maximumLocalPart || text.length > maximumAddress) return undefined;
  const local = text.slice(0, at);
  const domain = text.slice(at + 1).toLowerCase();
  // A second `@` would be read differently by two programs: one checks, the other sends.
  if (/[\p{Cc}\p{Z}<>()[\]\\,;:"@]/u.test(local) || local.startsWith('.') || local.endsWith('.'))
    return undefined;
  if (
    !/^(?=.{1,253}$)[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?(?:\.[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?)*$/u.test(
      domain,
    )
  ) {
    return undefined;
  }
  return `${local}@${domain}` as Address;
}

export function localPart(address: Address): string {
  return address.slice(0, address.lastIndexOf('@'));
}

export function domainOf(address: Address): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

/** Whether two addresses name one mailbox for all practical purposes: compared without case. */
export function sameMailbox(left: Address, right: Address): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
