import type { Address } from '../mail/address.ts';
import type { MessageId } from '../mail/letter-head.ts';
import { listAddress } from '../mail/list-address.ts';
import type { ListSettings } from '../membership/roster.ts';
import type { Instant } from '../time/instant.ts';
import type { Knowledge } from './journal/knowledge.ts';
import type { Chance } from './plan.ts';

/** What every decision of the keyholder has before it: what is known, what time it is, and who we are. */
export type Desk = Readonly<{
  domain: string;
  knowledge: Knowledge;
  now: Instant;
  chance: Chance;
  /** HMAC under the keyholder's token key, 26 characters (R8). */
  token: (purpose: 'bounce' | 'held' | 'prove', text: string) => string;
  base64: (bytes: Uint8Array) => string;
}>;

export function freshMessageId(desk: Desk): MessageId {
  return `<${desk.chance.uuid()}@${desk.domain}>` as MessageId;
}

export function boundary(desk: Desk): string {
  return `=_${desk.chance.uuid()}`;
}

/** The list's settings; a list that a mail was filed under exists. */
export function settingsOf(desk: Desk, list: string): ListSettings {
  const found = desk.knowledge.roster.lists.get(list);
  if (!found) throw new Error(`The list ${list} is not in the roster.`);
  return found;
}

export function addressOf(desk: Desk, list: string): Address {
  return desk.knowledge.roster.lists.get(list)?.address ?? listAddress(list, desk.domain);
}
