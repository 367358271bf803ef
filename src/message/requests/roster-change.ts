import { applyRosterEvent } from '../../membership/apply-roster-event.ts';
import { listsInWant, type Want } from '../../membership/lists-in-want.ts';
import type { Member } from '../../membership/roster.ts';
import type { RosterEvent } from '../../membership/roster-event.ts';
import { day, formatInstant, type Instant, later } from '../../time/instant.ts';
import { writeOurPart } from '../copy/our-part.ts';
import { addressOf, type Desk } from '../desk.ts';
import { membersAudience } from '../file/audience.ts';
import { writeNotice } from '../notice/write-notice.ts';
import type { Outgoing } from '../plan.ts';

/** A6: how long an addition is announced before it takes effect. */
const announcedFor = day;

/** When an addition for these lists takes effect: at once before the first report, a day later afterwards (A6). */
export function additionTakesEffect(lists: readonly string[], desk: Desk): Instant {
  const inUse = [...desk.knowledge.listsInUse];
  const { roster } = desk.knowledge;
  // A list that includes this one shows its mail to the same people: its first report counts too.
  const concerned = inUse.some(
    (used) => lists.includes(used) || lists.some((list) => roster.lists.get(used)?.includes.includes(list)),
  );
  return concerned ? later(desk.now, announcedFor) : desk.now;
}

/** What this takes the last one of: said to who did it, and never a reason to keep a person who must go (A6). */
export function takenByIt(event: RosterEvent, { knowledge: { roster }, now }: Desk): readonly Want[] {
  const before = listsInWant(roster, now);
  const lacked = ({ list, lacks }: Want) => before.some((one) => one.list === list && one.lacks === lacks);
  return listsInWant(applyRosterEvent(roster, event), now).filter((want) => !lacked(want));
}

/**
 * Tells every member of the lists, sealed, what changes in who reads (I10: no silent reader). `except` no longer reads.
 * Not at the founding of a list: there is nothing to read yet.
 */
export function announceToMembers(
  change: Readonly<{ member: Pick<Member, 'lists'>; what: string; effectiveFrom: Instant; except?: string }>,
  desk: Desk,
): readonly Outgoing[] {
  const { roster, listsInUse } = desk.knowledge;
  const including = [...roster.lists.values()].filter((list) =>
    list.includes.some((name) => change.member.lists.includes(name)),
  );
  const concerned = [...new Set([...change.member.lists, ...including.map((list) => list.name)])];
  return concerned
    .filter((list) => listsInUse.has(list))
    .map((list) => announcement(list, change, desk))
    .filter((outgoing) => outgoing.readers.length > 0);
}

function announcement(list: string, change: Parameters<typeof announceToMembers>[0], desk: Desk): Outgoing {
  const immediate = change.effectiveFrom <= desk.now;
  return writeNotice(
    {
      list,
      caseNumber: undefined,
      readers: membersAudience(desk.knowledge.roster, list, desk.now).filter(
        (reader) => reader.id !== change.except,
      ),
      audience: `members of ${list}`,
      subject: `${list}: who reads it changes`,
      text: writeOurPart({
        title: `${list} · who reads this list`,
        lines: [
          { label: 'Change', text: change.what },
          {
            label: 'In effect',
            text: immediate
              ? 'now'
              : `from ${formatInstant(change.effectiveFrom)}, unless the administrators undo it`,
          },
          { label: 'Objection', text: `to ${addressOf(desk, list).replace('@', '-owner@')}` },
        ],
      }),
      replyTo: addressOf(desk, list),
    },
    desk,
  );
}
