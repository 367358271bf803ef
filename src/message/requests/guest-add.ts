import { sameMailbox } from '../../mail/address.ts';
import { readListAddress } from '../../mail/list-address.ts';
import { day, formatInstant, later } from '../../time/instant.ts';
import { writeOurPart } from '../copy/our-part.ts';
import { addressOf } from '../desk.ts';
import { membersAudience } from '../file/audience.ts';
import { writeNotice } from '../notice/write-notice.ts';
import { done, type Execute, refused } from './execution.ts';
import type { Request } from './request.ts';
import { usableCertificate } from './usable-certificate.ts';

/** A4, A6: a guest is announced to the members, and reads from a day later on, only what is sealed after that (A5). */
export const guestAdd: Execute<Extract<Request, { kind: 'guest-add' }>> = async (request, desk, tools) => {
  const { roster, cases } = desk.knowledge;
  const subject = cases.get(request.caseNumber);
  if (!subject) return refused(`There is no case ${request.caseNumber}. See: embargod case list`);
  if (readListAddress(request.address, desk.domain, [...roster.lists.keys()]))
    return refused(`${request.address} is an address of ours.`);
  if (subject.guests.some((guest) => sameMailbox(guest.address, request.address)))
    return refused(`${request.address} is a guest of ${subject.number} already.`);
  const certificate = await usableCertificate(request, desk, tools);
  if (typeof certificate === 'string') return refused(certificate);
  const effectiveFrom = later(desk.now, day);
  const id = desk.chance.uuid();
  const what = `${request.address} becomes a guest of ${subject.number}, with the certificate ${certificate.fingerprint}`;
  const announcement = writeNotice(
    {
      list: subject.list,
      caseNumber: subject.number,
      readers: membersAudience(roster, subject.list, desk.now),
      audience: `members of ${subject.list}`,
      subject: `${subject.number}: a guest is invited`,
      text: writeOurPart({
        title: `${subject.number} · ${subject.list} · guest`,
        lines: [
          { label: 'Change', text: what },
          {
            label: 'In effect',
            text: `from ${formatInstant(effectiveFrom)}; nothing sealed before that becomes readable`,
          },
          { label: 'Objection', text: `to ${addressOf(desk, subject.list).replace('@', '-owner@')}` },
        ],
      }),
      replyTo: addressOf(desk, subject.list),
    },
    desk,
  );
  return done(
    [`${what}, from ${formatInstant(effectiveFrom)}; the members are told now.`],
    { id, caseNumber: subject.number, address: request.address, effectiveFrom: formatInstant(effectiveFrom) },
    {
      events: [
        {
          kind: 'guest-added',
          caseNumber: subject.number,
          guest: { id, address: request.address, certificate, effectiveFrom },
        },
      ],
      outgoing: announcement.readers.length > 0 ? [announcement] : [],
      readers: [{ id, address: request.address, standing: 'active', certificates: [certificate] }],
    },
  );
};
