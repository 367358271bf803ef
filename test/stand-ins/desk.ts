/** A keyholder's desk for tests: knowledge folded from told events, a clock that stands, chance that counts. */
import { createHash } from 'node:crypto';
import type { Desk } from '../../src/message/desk.ts';
import type { Event } from '../../src/message/journal/event.ts';
import { type Knowledge, startFold } from '../../src/message/journal/knowledge.ts';
import type { Plan } from '../../src/message/plan.ts';
import type { Instant } from '../../src/time/instant.ts';
import { community, domain, noon } from './community.ts';

export function makeKnowledge(events: readonly Event[] = []): Knowledge {
  const fold = startFold();
  for (const event of [...community, ...events]) fold.apply(event);
  return fold.knowledge;
}

/** `events` happened after the community was founded. */
export function makeDesk(events: readonly Event[] = [], now: Instant = noon): Desk {
  let drawn = 0;
  const next = () => {
    drawn += 1;
    return drawn;
  };
  return {
    domain,
    knowledge: makeKnowledge(events),
    now,
    chance: {
      uuid: () => `00000000-0000-4000-8000-${String(next()).padStart(12, '0')}`,
      below: (limit) => (41 + next()) % limit,
      bytes: (length) => new Uint8Array(length).fill(next()),
    },
    token: tokenOf,
    base64: (bytes) => Buffer.from(bytes).toString('base64'),
  };
}

/** As the keyholder's HMAC: 26 characters of base32 that depend on purpose and text. */
export function tokenOf(purpose: string, text: string): string {
  const digest = createHash('sha256').update(`${purpose} ${text}`).digest();
  return [...digest.subarray(0, 26)].map((byte) => 'abcdefghijklmnopqrstuvwxyz234567'[byte % 32]).join('');
}

/** The desk once it knows what a decision has brought. */
export function after(desk: Desk, plan: Pick<Plan, 'events'>, now: Instant = desk.now): Desk {
  const fold = startFold();
  Object.assign(fold.knowledge, structuredClone(desk.knowledge));
  for (const event of plan.events) fold.apply(event);
  return { ...desk, knowledge: fold.knowledge, now };
}
