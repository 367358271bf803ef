import { type Address, domainOf, localPart } from './address.ts';

/**
 * What an address of ours means. Every well-formed case address of a known list is answered alike,
 * whether the case exists or not (R8): nothing here looks anything up but the list's name.
 */
export type ListAddress =
  | Readonly<{ kind: 'list'; list: string }>
  /** `+vs-2026-0042`: the case's participants; `.team`: members only (R1). */
  | Readonly<{ kind: 'case'; list: string; caseNumber: string; team: boolean }>
  /** `-owner`, and `postmaster` of the domain (RFC 5321 §4.5.1): the administrators. */
  | Readonly<{ kind: 'owner'; list: string | undefined }>
  /** `+bounce-TOKEN`: return path of a copy, the token an HMAC (R8). */
  | Readonly<{ kind: 'bounce'; list: string; token: string }>
  /** `+held-TOKEN`: replying here tells that held mail is a report after all (R4). */
  | Readonly<{ kind: 'held'; list: string; token: string }>
  /** `+prove-TOKEN`: an administrator answers here, signed, after the list's key was stolen. */
  | Readonly<{ kind: 'prove'; list: string; token: string }>;

/** A token is base32 without padding; its length is fixed so that nothing else is well-formed. */
export const tokenLength = 26;
const token = `[a-z2-7]{${tokenLength}}`;
const casePattern = /^vs-(\d{4})-(\d{4,6})(\.team)?$/;
const bouncePattern = new RegExp(`^bounce-(${token})$`);
const heldPattern = new RegExp(`^held-(${token})$`);
const provePattern = new RegExp(`^prove-(${token})$`);

/**
 * Reads an address of our domain; undefined when it is none of ours.
 * `lists` are names; the comparison ignores case, as mail programs may change it.
 */
export function readListAddress(
  address: Address,
  domain: string,
  lists: readonly string[],
): ListAddress | undefined {
  if (domainOf(address) !== domain.toLowerCase()) return undefined;
  const local = localPart(address).toLowerCase();
  if (local === 'postmaster' || local === 'abuse') return { kind: 'owner', list: undefined };
  const plus = local.indexOf('+');
  const base = plus < 0 ? local : local.slice(0, plus);
  if (plus < 0) {
    if (lists.includes(base)) return { kind: 'list', list: base };
    const owned = base.endsWith('-owner') ? base.slice(0, -'-owner'.length) : undefined;
    return owned !== undefined && lists.includes(owned) ? { kind: 'owner', list: owned } : undefined;
  }
  if (!lists.includes(base)) return undefined;
  return readDetail(base, local.slice(plus + 1));
}

function readDetail(list: string, detail: string): ListAddress | undefined {
  const ofCase = casePattern.exec(detail);
  if (ofCase) {
    return { kind: 'case', list, caseNumber: `VS-${ofCase[1]}-${ofCase[2]}`, team: ofCase[3] !== undefined };
  }
  const bounce = bouncePattern.exec(detail)?.[1];
  if (bounce) return { kind: 'bounce', list, token: bounce };
  const held = heldPattern.exec(detail)?.[1];
  if (held) return { kind: 'held', list, token: held };
  const prove = provePattern.exec(detail)?.[1];
  return prove ? { kind: 'prove', list, token: prove } : undefined;
}

export function listAddress(list: string, domain: string): Address {
  return `${list}@${domain}` as Address;
}

export function caseAddress(list: string, caseNumber: string, domain: string, team = false): Address {
  return `${list}+${caseNumber.toLowerCase()}${team ? '.team' : ''}@${domain}` as Address;
}

export function tokenAddress(
  list: string,
  kind: 'bounce' | 'held' | 'prove',
  tokenText: string,
  domain: string,
): Address {
  return `${list}+${kind}-${tokenText}@${domain}` as Address;
}
