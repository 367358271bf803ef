import { later } from '../time/instant.ts';
import type { Desk } from './desk.ts';
import type { Event } from './journal/event.ts';
import { alarmAdministrators } from './notice/alarm-administrators.ts';
import { administratorsOwe, repairWithin } from './obligation.ts';
import { emptyPlan, type Outgoing, type Plan } from './plan.ts';
import type { ObligationRow, ParkedReader } from './ports.ts';

const ending = 'nothing waits any more';

/**
 * I5: mail that waits for a certificate is somebody's task, from a reader's first parked copy until none is left:
 * wrapped late (K4), or cancelled with the reader (A6). Their administrators hear once, not at each copy.
 */
export function planParked(
  {
    parked,
    obligations,
  }: Readonly<{
    parked: readonly ParkedReader[];
    obligations: readonly ObligationRow[];
  }>,
  desk: Desk,
): Plan {
  const open = obligations.filter((one) => one.kind === 'repair-certificate');
  const fresh = parked.filter(({ readerId }) => open.every((one) => one.subject !== readerId));
  const ended = open.filter((one) => parked.every(({ readerId }) => readerId !== one.subject));
  const opened = fresh.map(({ readerId, list }) =>
    administratorsOwe(
      { kind: 'repair-certificate', list, subject: readerId, dueAt: later(desk.now, repairWithin) },
      desk,
    ),
  );
  const events: readonly Event[] = [
    ...opened.map(({ id, subject }) => ({ kind: 'reader-parked', reader: subject, obligation: id }) as const),
    ...ended.map(({ id }) => ({ kind: 'obligation-settled', obligation: id, ending }) as const),
  ];
  return {
    ...emptyPlan,
    events,
    outgoing: alarmsOf(fresh, desk),
    obligationsOpened: opened,
    obligationsSettled: ended.map(({ id }) => ({ id, ending })),
  };
}

/** One for each list: certificates of one age expire together. */
function alarmsOf(parked: readonly ParkedReader[], desk: Desk): readonly Outgoing[] {
  return [...new Set(parked.map(({ list }) => list))].flatMap((list) => {
    const people = parked.filter((one) => one.list === list).map(({ recipient }) => recipient);
    return alarmAdministrators(
      {
        list,
        caseNumber: undefined,
        what: `Mail waits for ${people.join(', ')}: nothing can be sealed to their certificate.`,
        advice:
          'See what is wrong: embargod certificate check. Ask for a certificate that can be used, make sure that it is theirs, and add it: embargod representative add. What waits is then sealed to it.',
      },
      desk,
    );
  });
}
