import { day, formatInstant, later } from '../../time/instant.ts';
import { writeOurPart } from '../copy/our-part.ts';
import { addressOf, type Desk } from '../desk.ts';
import { administratorsAudience } from '../file/audience.ts';
import type { Event } from '../journal/event.ts';
import { emptyPlan, type Outgoing, type Plan } from '../plan.ts';
import type { ObligationRow } from '../ports.ts';
import { type EndingCertificate, isDigestDue } from './ending-certificates.ts';
import { writeNotice } from './write-notice.ts';

/**
 * One sealed digest a day to a list's administrators (N1): what waits, what is overdue, what was refused since the
 * last one. Nothing to tell, no mail.
 */
export function administratorsDigest(
  obligations: readonly ObligationRow[],
  ending: readonly EndingCertificate[],
  desk: Desk,
): Plan {
  const lists = [...desk.knowledge.roster.lists.values()].filter((list) => list.kind === 'private');
  const written = lists
    .map((list) =>
      digestOf(
        {
          list: list.name,
          obligations: obligations.filter((one) => one.list === list.name),
          ending: ending.filter((one) => one.list === list.name),
        },
        desk,
      ),
    )
    .filter((one) => one !== undefined);
  const events: readonly Event[] = written.map(({ list }) => ({ kind: 'digest-sent', list, at: desk.now }));
  return { ...emptyPlan, events, outgoing: written };
}

type Told = Readonly<{
  list: string;
  obligations: readonly ObligationRow[];
  ending: readonly EndingCertificate[];
}>;

function digestOf({ list, obligations, ending }: Told, desk: Desk): Outgoing | undefined {
  if (!isDigestDue(list, desk)) return undefined;
  const since = desk.knowledge.digests.get(list) ?? later(desk.now, -day);
  const open = obligations.toSorted((left, right) => left.dueAt - right.dueAt);
  const refused = desk.knowledge.refused.filter((one) => one.list === list && one.at > since);
  const readers = administratorsAudience(desk.knowledge.roster, list, desk.now);
  // A fresh obligation has had its own mail; the digest is for what still waits.
  const waiting = open.filter((one) => desk.now - one.openedAt >= day || one.dueAt <= desk.now);
  if (readers.length === 0 || waiting.length + refused.length + ending.length === 0) return undefined;
  const text = writeOurPart({
    title: `${list} · digest for its administrators, ${formatInstant(desk.now)}`,
    lines: [
      { label: 'Waiting', text: waiting.map((one) => describe(one, desk)).join('\n') || 'nothing' },
      {
        label: 'Refused',
        text:
          refused.map((one) => `${formatInstant(one.at)}  ${one.inboxId}  ${one.reason}`).join('\n') ||
          'nothing',
      },
      { label: 'Certificates', text: ending.map(describeEnding).join('\n') || 'none ends soon' },
    ],
  });
  return writeNotice(
    {
      list,
      caseNumber: undefined,
      readers,
      audience: `administrators of ${list}`,
      subject: `${list}: what waits for its administrators`,
      text,
      replyTo: addressOf(desk, list),
    },
    desk,
  );
}

function describe(one: ObligationRow, desk: Desk): string {
  const overdue = one.dueAt <= desk.now ? 'OVERDUE since' : 'due';
  return `${overdue} ${formatInstant(one.dueAt)}  ${one.kind}  ${one.subject}  (${one.owner})`;
}

function describeEnding({ address, member, fingerprint, at }: EndingCertificate): string {
  return `${address} (${member})  ${fingerprint}  ends ${formatInstant(at)}`;
}
