/**
 * K6: takes closed cases out of the database for good, and destroys the keys that any of it rested under; what else
 * rested under them is wrapped anew in the same transaction. Backups from before then open nothing of it, and members'
 * mailboxes keep their copies: nobody but they can purge those.
 */
import { day, formatInstant, later } from '../../time/instant.ts';
import { writeOurPart } from '../copy/our-part.ts';
import { addressOf, type Desk } from '../desk.ts';
import { membersAudience } from '../file/audience.ts';
import { writeNotice } from '../notice/write-notice.ts';
import type { Outgoing } from '../plan.ts';
import { done, type Execute, type RequestTools, refused } from './execution.ts';
import type { Request } from './request.ts';

/** It cannot be undone: the members can object for that long (A6 in spirit). */
const announcedFor = day;
/** Mail that belongs to no case is kept that long, for the question what became of it. */
const settledMailKept = 30 * day;

export const purge: Execute<Extract<Request, { kind: 'purge' }>> = async ({ cases }, desk, tools) => {
  const fault = cases.map((number) => faultOf(number, desk)).find((one) => one !== undefined);
  if (fault) return refused(fault);
  const { announcedPurges } = desk.knowledge;
  const fresh = cases.filter((number) => !announcedPurges.has(number));
  if (fresh.length > 0) return announce(fresh, desk);
  const from = Math.max(...cases.map((number) => announcedPurges.get(number) ?? 0));
  if (from > desk.now) {
    return refused(
      `The members may object until ${formatInstant(later(desk.now, from - desk.now))}. Give the command again after that.`,
    );
  }
  return carryOut(cases, desk, tools);
};

function faultOf(number: string, { knowledge: { cases, purged } }: Desk): string | undefined {
  if (purged.has(number)) return `${number} was purged already.`;
  const subject = cases.get(number);
  if (!subject) return `There is no case ${number}. See: embargod case list`;
  return subject.state === 'closed'
    ? undefined
    : `${number} is open: a case ends in public first. See: embargod case close --help`;
}

function announce(cases: readonly string[], desk: Desk) {
  const effectiveFrom = later(desk.now, announcedFor);
  const lists = [...new Set(cases.map((number) => desk.knowledge.cases.get(number)?.list ?? ''))];
  return done(
    [
      `The members are told that ${cases.join(', ')} will be purged. Give the command again after ${formatInstant(effectiveFrom)}.`,
    ],
    { announced: cases, purged: [], effectiveFrom: formatInstant(effectiveFrom) },
    {
      events: [{ kind: 'purge-announced', cases, effectiveFrom }],
      outgoing: lists.flatMap((list) =>
        announcement(
          list,
          cases.filter((number) => desk.knowledge.cases.get(number)?.list === list),
          formatInstant(effectiveFrom),
          desk,
        ),
      ),
    },
  );
}

function announcement(list: string, cases: readonly string[], from: string, desk: Desk): readonly Outgoing[] {
  const readers = membersAudience(desk.knowledge.roster, list, desk.now);
  if (readers.length === 0) return [];
  const notice = writeNotice(
    {
      list,
      caseNumber: undefined,
      readers,
      audience: `members of ${list}`,
      subject: `${list}: closed cases will be purged`,
      text: writeOurPart({
        title: `${list} · purge`,
        lines: [
          { label: 'Cases', text: cases.join(', ') },
          {
            label: 'In effect',
            text: `from ${from}: what the server keeps of them is destroyed with its keys. Your own copies stay with you`,
          },
          { label: 'Objection', text: `to ${addressOf(desk, list).replace('@', '-owner@')}` },
        ],
      }),
      replyTo: addressOf(desk, list),
    },
    desk,
  );
  return [notice];
}

async function carryOut(cases: readonly string[], desk: Desk, tools: RequestTools) {
  const { roster, cases: known } = desk.knowledge;
  const inbox = await mailToPurge(cases, desk, tools);
  const found = await tools.purgeable(cases, inbox);
  if (found.unsettled > 0) {
    return refused(`${found.unsettled} copies of these cases have not left yet. See: embargod outbox list`);
  }
  const ended = found.epochs.filter((epoch) => !epoch.startsWith('standing'));
  const owed = (await tools.openObligations()).filter(
    ({ subject }) => cases.includes(subject) || found.outbox.includes(subject),
  );
  const lists = [...new Set(cases.flatMap((number) => known.get(number)?.list ?? []))];
  const nothing = cases.length === 0 && inbox.length === 0;
  if (nothing) return done(['There is nothing to purge.'], { purged: [], mails: 0, epochs: [] });
  return done(
    [
      `Purged: ${cases.join(', ') || 'no case'}; ${inbox.length} mails, ${found.details.length} details of the journal.`,
      `Destroyed: the keys of ${ended.join(', ') || 'no month'}. What else they held is wrapped to the current ones.`,
      'Destroy exports of keys made before now, and make a new one: embargod key export',
    ],
    { purged: cases, mails: inbox.length, epochs: ended },
    {
      events: [
        { kind: 'data-purged', cases, lists, details: found.details, inbox, at: desk.now },
        { kind: 'epochs-ended', epochs: ended, at: desk.now },
      ],
      purge: {
        cases,
        details: found.details,
        inbox,
        readers: found.readers.filter((id) => !roster.representatives.has(id)),
      },
      epochsEnd: ended,
      doors: await tools.renewDoors(ended),
      obligationsSettled: owed.map(({ id }) => ({ id, ending: 'purged' })),
    },
  );
}

/** The mails of these cases, and old ones of no case. */
async function mailToPurge(
  cases: readonly string[],
  desk: Desk,
  tools: RequestTools,
): Promise<readonly string[]> {
  const filed = [...desk.knowledge.contents.values()].flat();
  const kept = new Set(
    filed.filter(({ caseNumber }) => !cases.includes(caseNumber)).map(({ inboxId }) => inboxId),
  );
  const own = filed.map(({ inboxId }) => inboxId).filter((id) => !kept.has(id));
  const old = await tools.settledMail(later(desk.now, -settledMailKept));
  return [...new Set([...own, ...old.filter((id) => !kept.has(id))])];
}
