/**
 * What must not compile: each line below `@ts-expect-error` is a mistake that the types are there to stop, and tsc
 * fails when one of them passes. Nothing here runs.
 */
import { type Address, parseAddress } from '../../src/mail/address.ts';
import type { MessageId } from '../../src/mail/letter-head.ts';
import type { Knowledge } from '../../src/message/journal/knowledge.ts';
import { judge } from '../../src/message/judge/judge.ts';
import type { Rules } from '../../src/message/judge/rule.ts';
import type { Letter } from '../../src/message/letter/letter.ts';
import type { InboxRow, OutboxContent, OutboxRow, Sealed } from '../../src/message/ports.ts';
import type { Instant } from '../../src/time/instant.ts';

declare const cleartext: Uint8Array;
declare const sealed: Sealed;
declare const address: Address;
declare const inbox: InboxRow;
declare const letter: Letter;
declare const knowledge: Knowledge;
declare const row: OutboxRow;

// K2, K3: what was not sealed does not reach a database row.
// @ts-expect-error cleartext is not Sealed
export const clearRow: InboxRow = { ...inbox, sealed: cleartext };
// @ts-expect-error text is not Sealed
export const textRow: InboxRow = { ...inbox, sealed: 'a report' };
/** The other way is harmless: ciphertext is bytes. */
export const bytes: Uint8Array = sealed;

// I5: an empty policy.
// @ts-expect-error a list without rules would pass everything
export const noRules: Rules = [];
// @ts-expect-error nor may it be handed over for once
judge(letter, knowledge, []);

// Moments, addresses and ids are not any number or text.
// @ts-expect-error a number of unknown unit is no instant
export const now: Instant = 1_700_000_000;
// @ts-expect-error a text nobody parsed is no address
export const somebody: Address = 'alice@example.org';
// @ts-expect-error nobody writes to an address that may not be one
export const perhaps: Address = parseAddress('alice@example.org');
// @ts-expect-error an address is no Message-ID
export const id: MessageId = address;

// Values do not change under those who hold them.
// @ts-expect-error a decided row is not decided again
row.state = 'sent';
// @ts-expect-error nor its recipient
row.recipient = address;

/** A kind of content that nobody handles stops the build. */
export function sizeOf(content: OutboxContent): number {
  switch (content.kind) {
    case 'copy':
      return content.head.length;
    default: {
      // @ts-expect-error a clear notice is forgotten here
      const nothing: never = content;
      return nothing;
    }
  }
}
