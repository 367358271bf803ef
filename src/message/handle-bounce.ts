import { tokenAddress } from '../mail/list-address.ts';
import { later } from '../time/instant.ts';
import type { Desk } from './desk.ts';
import { refuseLetter } from './hold/refuse-letter.ts';
import { isAlarmDue } from './journal/knowledge.ts';
import { isAutomaticReply } from './judge/automatic-replies-never-enter.ts';
import type { Letter, Place } from './letter/letter.ts';
import { alarmAdministrators } from './notice/alarm-administrators.ts';
import { administratorsOwe, repairWithin } from './obligation.ts';
import { emptyPlan, type Plan } from './plan.ts';
import type { OutboxRow } from './ports.ts';

type BouncePlace = Extract<Place, { kind: 'bounce' }>;

/** RFC 3464 §2.3.3: what asks nothing of anybody. Any other word does, and so does a report without a readable one (I5). */
const harmless: readonly string[] = ['delayed', 'delivered', 'relayed', 'expanded'];

/** The outbox row whose copies bear this return path (R8). */
export type RowByReturnPath = (returnPath: string) => Promise<OutboxRow | undefined>;

/**
 * A bounce of one of our copies: authentic only if its address is the secret return path of a row (R8). It suspends
 * nobody by itself; administrators are told, with the reader's name and nothing of the bounce's own words.
 */
export async function handleBounce(
  letter: Letter,
  place: BouncePlace,
  desk: Desk,
  rowByReturnPath: RowByReturnPath,
): Promise<Plan> {
  const returnPath = tokenAddress(place.list, 'bounce', place.token, desk.domain);
  const row = await rowByReturnPath(returnPath);
  if (!row || letter.opened.encryption.kind !== 'none') {
    const inside = 'It came to a return path that no copy of ours has: a forged or very old bounce.';
    return refuseLetter(letter, [{ kind: 'refuse', rule: 'bounce-must-be-ours', inside, outside: '' }], desk);
  }
  // RFC 3834 §4: answers of machines go to the return path, and each copy has its own; a holiday is no failure.
  if (isHoliday(letter)) {
    const inside = 'It is an automatic reply to a copy (RFC 3834).';
    return refuseLetter(
      letter,
      [{ kind: 'refuse', rule: 'automatic-replies-never-enter', inside, outside: '' }],
      desk,
    );
  }
  const inbox = { id: letter.inboxId, state: 'judged' } as const;
  const actions = [...new Set(letter.opened.deliveryActions)];
  const isHarmless = actions.length > 0 && actions.every((action) => harmless.includes(action));
  // Whoever has seen a return path can say "failed" as often as they like.
  if (isHarmless || desk.knowledge.bounced.has(row.id)) {
    return {
      ...emptyPlan,
      events: [{ kind: 'delivery-reported', outboxId: row.id, actions, at: desk.now }],
      inbox,
    };
  }
  const obligation = administratorsOwe(
    { kind: 'repair-delivery', list: row.list, subject: row.id, dueAt: later(desk.now, repairWithin) },
    desk,
  );
  const alarm = isAlarmDue(desk.knowledge, row.recipient, desk.now)
    ? alarmAdministrators(
        {
          list: row.list,
          caseNumber: row.caseNumber,
          what: `A copy to ${row.recipient} came back.`,
          advice: `Ask ${row.recipient} what is wrong, then: embargod obligation settle ${obligation.id} --ending "…"`,
        },
        desk,
      )
    : [];
  return {
    ...emptyPlan,
    events: [{ kind: 'bounce-received', outboxId: row.id, recipient: row.recipient, at: desk.now }],
    outgoing: alarm,
    obligationsOpened: [obligation],
    inbox,
  };
}

/** Some servers mark their bounces as replies too, and write them in no known form: those name themselves. */
function isHoliday({ opened: { outer, deliveryActions } }: Letter): boolean {
  const byServer = outer.from.some(({ address }) => /^(mailer-daemon|postmaster)@/i.test(address));
  return (
    deliveryActions === undefined &&
    isAutomaticReply(outer) &&
    !byServer &&
    !outer.names.has('x-failed-recipients')
  );
}
