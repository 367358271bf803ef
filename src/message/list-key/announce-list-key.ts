import { formatInstant, type Instant } from '../../time/instant.ts';
import { attachmentEntity } from '../copy/compose-copy.ts';
import { writeOurPart } from '../copy/our-part.ts';
import { addressOf, type Desk } from '../desk.ts';
import { membersAudience, wholeAudience } from '../file/audience.ts';
import { writeNotice } from '../notice/write-notice.ts';
import type { Outgoing, Reader } from '../plan.ts';
import type { NextListKey } from '../requests/execution.ts';

export type NewListKey = Readonly<{
  list: string;
  next: NextListKey;
  compromised: boolean;
  opensUntil: Instant;
}>;

/**
 * Tells everybody who has mail from the list that its key is another one: the members together, each reporter and guest
 * of an open case alone (K5). In time, the old key still signs this, as readers know it. After a theft its signature
 * would prove nothing: the new one signs, and the text says to compare the fingerprint by another way.
 */
export function announceListKey(change: NewListKey, desk: Desk): readonly Outgoing[] {
  const { roster } = desk.knowledge;
  const members = membersAudience(roster, change.list, desk.now);
  const audiences = [
    { readers: members, audience: `members of ${change.list}` },
    ...participants(change.list, members, desk).map((reader) => ({
      readers: [reader],
      audience: `a ${reader.role} of a case of ${change.list}`,
    })),
  ];
  return audiences
    .filter(({ readers }) => readers.length > 0)
    .map((to) => ({ ...announcement(change, to, desk), ...signedBy(change) }));
}

function signedBy({ compromised, next }: NewListKey): Readonly<{ signedBy?: string }> {
  return { signedBy: compromised ? next.fingerprint : next.previous };
}

/** Each mailbox once, whatever the number of its cases. */
function participants(list: string, members: readonly Reader[], desk: Desk): readonly Reader[] {
  const { cases, roster } = desk.knowledge;
  const taken = new Set(members.map(({ address }) => address.toLowerCase()));
  const found: Reader[] = [];
  for (const subject of cases.values()) {
    if (subject.list !== list || subject.state !== 'open') continue;
    const { reporter, guests } = wholeAudience(subject, roster, desk.now);
    for (const reader of [...(reporter ? [reporter] : []), ...guests]) {
      if (taken.has(reader.address.toLowerCase())) continue;
      taken.add(reader.address.toLowerCase());
      found.push(reader);
    }
  }
  return found;
}

function announcement(
  { list, next, compromised, opensUntil }: NewListKey,
  to: Readonly<{ readers: readonly Reader[]; audience: string }>,
  desk: Desk,
): Outgoing {
  const lines = compromised
    ? [
        { label: 'Warning', text: stolen(next) },
        { label: 'New key', text: next.fingerprint },
        {
          label: 'Compare',
          text: 'its fingerprint by another way than this mail: by telephone, or with somebody who has it from elsewhere. The new key signs this mail, and that proves nothing yet',
        },
        {
          label: 'To do',
          text: 'import the attached file; it revokes the old key. Then write to the list with the new one only',
        },
      ]
    : [
        { label: 'New key', text: next.fingerprint },
        { label: 'Certified', text: 'by the key you know, which signs this mail too, for the last time' },
        {
          label: 'Old key',
          text: `${next.previous}\nopens what is encrypted to it until ${formatInstant(opensUntil)}, and is destroyed then`,
        },
        { label: 'To do', text: 'import the attached file, and encrypt to the new key from now on' },
      ];
  return writeNotice(
    {
      list,
      caseNumber: undefined,
      ...to,
      subject: compromised ? `${list}: its key was stolen, here is another` : `${list}: a new key`,
      text: writeOurPart({ title: `${list} · the list has a new key`, lines }),
      entities: [attachedKey(list, next.armour, desk)],
      replyTo: addressOf(desk, list),
    },
    desk,
  );
}

function stolen({ revoked }: NextListKey): string {
  const keys = revoked.map(({ fingerprint }) => fingerprint).join('\n');
  return `the list’s key may be in other hands. What was encrypted to it may be read by others, and what it signs proves nothing. It is revoked:\n${keys}`;
}

/** RFC 3156 §7: mail programs offer to import it. */
export function attachedKey(list: string, armour: string, desk: Desk): Uint8Array {
  return attachmentEntity(
    {
      contentType: 'application/pgp-keys',
      fileName: `${list}.asc`,
      bytes: new TextEncoder().encode(armour),
      description: `OpenPGP key of ${list}`,
    },
    desk.base64,
  );
}
