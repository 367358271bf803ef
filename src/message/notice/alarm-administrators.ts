import { formatInstant } from '../../time/instant.ts';
import { writeOurPart } from '../copy/our-part.ts';
import { addressOf, type Desk } from '../desk.ts';
import { administratorsAudience } from '../file/audience.ts';
import type { Outgoing } from '../plan.ts';
import { writeNotice } from './write-notice.ts';

/** A sealed notice to the list's administrators about one thing that needs a person. None when there is nobody. */
export function alarmAdministrators(
  alarm: Readonly<{ list: string; caseNumber: string | undefined; what: string; advice: string }>,
  desk: Desk,
): readonly Outgoing[] {
  const readers = administratorsAudience(desk.knowledge.roster, alarm.list, desk.now);
  if (readers.length === 0) return [];
  const text = writeOurPart({
    title: `${alarm.caseNumber ?? alarm.list} · needs a person`,
    lines: [
      { label: 'What', text: alarm.what },
      { label: 'To do', text: alarm.advice },
      { label: 'Seen', text: formatInstant(desk.now) },
    ],
  });
  return [
    writeNotice(
      {
        list: alarm.list,
        caseNumber: alarm.caseNumber,
        readers,
        audience: `administrators of ${alarm.list}`,
        subject: alarm.what,
        text,
        replyTo: addressOf(desk, alarm.list),
      },
      desk,
    ),
  ];
}
