import { tokenAddress } from '../../mail/list-address.ts';
import { administratorsOf } from '../../membership/roster.ts';
import { formatInstant, type Instant, later } from '../../time/instant.ts';
import { writeOurPart } from '../copy/our-part.ts';
import type { Desk } from '../desk.ts';
import { administratorsAudience } from '../file/audience.ts';
import type { Event } from '../journal/event.ts';
import { writeNotice } from '../notice/write-notice.ts';
import { proveWithin } from '../obligation.ts';
import type { Outgoing, Plan, Reader } from '../plan.ts';
import type { ObligationRow } from '../ports.ts';

/**
 * After a list's key was stolen, each of its administrators is asked, sealed and apart, to answer with their own key.
 * The address to answer to is told to nobody else: it carries a token over list, person and moment.
 */
export function askForProof(
  list: string,
  signedBy: string,
  desk: Desk,
): Pick<Plan, 'events' | 'outgoing' | 'obligationsOpened'> {
  const { roster } = desk.knowledge;
  const due = later(desk.now, proveWithin);
  const asked = administratorsOf(roster, list, desk.now).map((person) => ({
    person,
    obligation: desk.chance.uuid(),
  }));
  if (asked.length === 0) return { events: [], outgoing: [], obligationsOpened: [] };
  const event: Event = {
    kind: 'administrators-must-prove',
    list,
    representatives: asked.map(({ person, obligation }) => ({ id: person.id, obligation })),
    at: desk.now,
  };
  const readers = administratorsAudience(roster, list, desk.now);
  return {
    events: [event],
    outgoing: readers.map((reader) => ({ ...request(list, reader, due, desk), signedBy })),
    obligationsOpened: asked.map(
      ({ person, obligation }): ObligationRow => ({
        id: obligation,
        kind: 'prove-key',
        list,
        subject: person.id,
        owner: person.address,
        openedAt: desk.now,
        dueAt: due,
      }),
    ),
  };
}

/** What the token of a proof is over: another theft asks for another answer. */
export function proofText(proof: Readonly<{ list: string; representative: string; since: Instant }>): string {
  return `${proof.list} ${proof.representative} ${proof.since}`;
}

function request(list: string, reader: Reader, due: Instant, desk: Desk): Outgoing {
  const proof = { list, representative: reader.id, since: desk.now };
  const replyTo = tokenAddress(list, 'prove', desk.token('prove', proofText(proof)), desk.domain);
  return writeNotice(
    {
      list,
      caseNumber: undefined,
      readers: [reader],
      audience: `${reader.label}, an administrator of ${list}`,
      subject: `${list}: show that your key is still yours`,
      text: writeOurPart({
        title: `${list} · show that your key is still yours`,
        lines: [
          { label: 'Why', text: 'the list’s key may be in other hands, and nobody knows yet what else is' },
          {
            label: 'To do',
            text: `once you are sure of your own key: answer this mail, signed with it, with any word. It goes to ${replyTo}`,
          },
          { label: 'Due', text: formatInstant(due) },
          { label: 'Until then', text: 'nothing that you ask for as an administrator is done' },
        ],
      }),
      replyTo,
    },
    desk,
  );
}
