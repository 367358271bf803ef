/**
 * What time brings without any mail: broken deliveries become obligations, repaired readers get their late wraps, and
 * once a day the administrators of each list hear what waits for them (T8, N1). Pure: `now` and the facts are
 * arguments, and an event remembers what was done, so that a tick, a restart or two keyholders send nothing twice.
 */
import { later } from '../time/instant.ts';
import type { Desk } from './desk.ts';
import { isAlarmDue } from './journal/knowledge.ts';
import { administratorsDigest } from './notice/administrators-digest.ts';
import { alarmAdministrators } from './notice/alarm-administrators.ts';
import type { EndingCertificate } from './notice/ending-certificates.ts';
import { administratorsOwe, repairWithin } from './obligation.ts';
import { planParked } from './parked-readers.ts';
import { emptyPlan, type Outgoing, type Plan } from './plan.ts';
import type { DeliveryOutcome, ObligationRow, OutboxRow, ParkedReader } from './ports.ts';

export type TroubledDelivery = Readonly<{ row: OutboxRow; outcome: DeliveryOutcome }>;

/** What the keyholder's tick finds in the database. */
export type Facts = Readonly<{
  troubled: readonly TroubledDelivery[];
  parked: readonly ParkedReader[];
  obligations: readonly ObligationRow[];
  /** Of lists whose digest is due. */
  ending?: readonly EndingCertificate[];
}>;

export function advance(facts: Facts, desk: Desk): Plan {
  const troubles = facts.troubled.map((trouble, index) =>
    planTrouble(trouble, isFirstOfReader(facts.troubled, index), desk),
  );
  const digests = administratorsDigest(facts.obligations, facts.ending ?? [], desk);
  const plans = [...troubles, planParked(facts, desk), digests];
  return {
    ...emptyPlan,
    events: plans.flatMap((plan) => plan.events),
    outgoing: plans.flatMap((plan) => plan.outgoing),
    obligationsOpened: plans.flatMap((plan) => plan.obligationsOpened),
    obligationsSettled: plans.flatMap((plan) => plan.obligationsSettled),
    outboxAcknowledged: plans.flatMap((plan) => plan.outboxAcknowledged),
  };
}

/** R6, I5: a copy that did not arrive is somebody's task, and the others have theirs meanwhile. */
function planTrouble({ row, outcome }: TroubledDelivery, first: boolean, desk: Desk): Plan {
  const obligation = administratorsOwe(
    { kind: 'repair-delivery', list: row.list, subject: row.id, dueAt: later(desk.now, repairWithin) },
    desk,
  );
  const { id: outboxId, recipient } = row;
  const { reason } = outcome;
  return {
    ...emptyPlan,
    events: [
      { kind: 'delivery-troubled', outboxId, recipient, reason, obligation: obligation.id, at: desk.now },
    ],
    outgoing:
      first && isAlarmDue(desk.knowledge, recipient, desk.now)
        ? alarmOf({ row, outcome }, obligation.id, desk)
        : [],
    obligationsOpened: [obligation],
    outboxAcknowledged: [row.id],
  };
}

/** The obligations are one for each row; the alarm is one for each reader. */
function isFirstOfReader(troubled: readonly TroubledDelivery[], index: number): boolean {
  const recipient = troubled[index]?.row.recipient;
  return troubled.findIndex(({ row }) => row.recipient === recipient) === index;
}

function alarmOf({ row, outcome }: TroubledDelivery, obligation: string, desk: Desk): readonly Outgoing[] {
  // P5: what sender's own check stopped is never sent again as it is.
  const end =
    outcome.kind === 'held'
      ? `find out why it was stopped, then: embargod obligation settle ${obligation} --ending "…"`
      : `when it is mended: embargod outbox retry ${row.id}`;
  return alarmAdministrators(
    {
      list: row.list,
      caseNumber: row.caseNumber,
      what: `Mail to ${row.recipient} could not be delivered: ${outcome.reason}${outcome.code ? ` (${outcome.code})` : ''}.`,
      advice: `Find another way to reach ${row.recipient}; ${end}`,
    },
    desk,
  );
}
