import { administratorsOf, privateLists, representativesOf } from '../../membership/roster.ts';
import { formatInstant } from '../../time/instant.ts';
import { writeOurPart } from '../copy/our-part.ts';
import { addressOf, type Desk } from '../desk.ts';
import { membersAudience } from '../file/audience.ts';
import { writeNotice } from '../notice/write-notice.ts';
import type { Outgoing } from '../plan.ts';
import { describeLoss } from './describe-loss.ts';
import type { Restored } from './restored.ts';

/**
 * I10, I12: the members of each private list hear that its server forgot something, what may be missing, and who reads
 * now, as nobody could be told of what was changed meanwhile.
 */
export function tellOfRestore(
  restored: Restored,
  uncertain: 'cancel' | 'resend',
  desk: Desk,
): readonly Outgoing[] {
  return privateLists(desk.knowledge.roster)
    .map(({ name }) => tellMembers(name, restored, uncertain, desk))
    .filter((outgoing) => outgoing.readers.length > 0);
}

function tellMembers(list: string, restored: Restored, uncertain: 'cancel' | 'resend', desk: Desk): Outgoing {
  const { roster } = desk.knowledge;
  const address = addressOf(desk, list);
  const readers = representativesOf(roster, list, desk.now).map((one) => `${one.address} (${one.member})`);
  const administrators = administratorsOf(roster, list, desk.now).map((one) => one.address);
  const text = writeOurPart({
    title: `${list} · restored from a backup`,
    lines: [
      { label: 'Restored', text: formatInstant(restored.at) },
      { label: 'Lost', text: describeLoss(restored) },
      {
        label: 'Copies',
        text:
          uncertain === 'cancel'
            ? 'what the backup shows as not yet sent is not sent again: you have it already, most likely'
            : 'what the backup shows as not yet sent is sent again: you may get a message twice',
      },
      {
        label: 'To do',
        text: `send again what you do not see answered; ask ${ownerOf(address)} when in doubt`,
      },
      { label: 'Readers', text: readers.join('\n') },
      { label: 'Run by', text: administrators.join(', ') || 'nobody: the list has no administrator' },
    ],
  });
  return writeNotice(
    {
      list,
      caseNumber: undefined,
      readers: membersAudience(roster, list, desk.now),
      audience: `members of ${list}`,
      subject: `${list}: its server was restored from a backup`,
      text,
      replyTo: address,
    },
    desk,
  );
}

function ownerOf(address: string): string {
  return address.replace('@', '-owner@');
}
