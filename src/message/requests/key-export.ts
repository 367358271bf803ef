import type { Certificate } from '../../membership/certificate.ts';
import { custodianInForce } from '../../membership/custodian.ts';
import { currentCertificates, privateLists, type Representative } from '../../membership/roster.ts';
import { formatInstant } from '../../time/instant.ts';
import { writeOurPart } from '../copy/our-part.ts';
import { addressOf, type Desk } from '../desk.ts';
import { administratorsAudience } from '../file/audience.ts';
import { writeNotice } from '../notice/write-notice.ts';
import type { Outgoing } from '../plan.ts';
import { done, type Execute, type ExportedKeys, refused } from './execution.ts';
import type { Request } from './request.ts';

/**
 * K6: all keys, for the day on which the machine is gone. The answer is sealed to the custodian in force; the operator
 * carries it and cannot read it (P7). It is journalled, and the administrators of every private list are told.
 */
export const keyExport: Execute<Extract<Request, { kind: 'key-export' }>> = async (_, desk, tools) => {
  const { roster } = desk.knowledge;
  const custodian = custodianInForce(roster, desk.now);
  if (!custodian) return refused(whyNobody(desk));
  const usable: Certificate[] = [];
  for (const certificate of currentCertificates(custodian, desk.now)) {
    if ((await tools.use(certificate, desk.now)).kind === 'usable') usable.push(certificate);
  }
  if (usable.length === 0) {
    return refused(
      `Nothing can be sealed to the custodian ${custodian.address}: they have no certificate that can be used now.`,
    );
  }
  const exported = await tools.exportKeys(usable);
  const fingerprints = usable.map(({ fingerprint }) => fingerprint);
  const { armour, count, signedBy } = exported;
  return done(
    armour.trimEnd().split('\n'),
    { armour, count, signedBy, custodian: custodian.address, fingerprints },
    {
      events: [{ kind: 'keys-exported', representative: custodian.id, fingerprints, count, at: desk.now }],
      outgoing: tellAdministrators({ custodian, fingerprints, exported }, desk),
    },
  );
};

function whyNobody({ knowledge: { roster }, now }: Desk): string {
  const { custodian } = roster;
  if (!custodian)
    return 'There is no custodian to whom the keys could be sealed. Name one: embargod key custodian ADDRESS';
  if (custodian.effectiveFrom > now)
    return `The custodian is one from ${formatInstant(custodian.effectiveFrom)} on; the members have been told. Ask again then.`;
  return 'The custodian has yet to prove their key, or no longer administers every private list: mend that, or name another: embargod key custodian ADDRESS';
}

/** Each administrator once, by the first list that they administer. */
function tellAdministrators(
  about: Readonly<{ custodian: Representative; fingerprints: readonly string[]; exported: ExportedKeys }>,
  desk: Desk,
): readonly Outgoing[] {
  const told = new Set<string>();
  const { roster } = desk.knowledge;
  const notices: Outgoing[] = [];
  for (const { name } of privateLists(roster)) {
    const readers = administratorsAudience(roster, name, desk.now).filter(({ id }) => !told.has(id));
    for (const { id } of readers) told.add(id);
    if (readers.length === 0) continue;
    notices.push(
      writeNotice(
        {
          list: name,
          caseNumber: undefined,
          readers,
          audience: `administrators of ${name}`,
          subject: 'The private keys of all lists were exported',
          text: textOf(about, desk),
          replyTo: addressOf(desk, name),
        },
        desk,
      ),
    );
  }
  return notices;
}

function textOf(
  { custodian, fingerprints, exported: { count, signedBy } }: Parameters<typeof tellAdministrators>[0],
  desk: Desk,
): string {
  return writeOurPart({
    title: 'Keys · exported',
    lines: [
      { label: 'What', text: `${count} private keys, all that there are` },
      { label: 'Sealed to', text: `${custodian.address} (${custodian.member})\n${fingerprints.join('\n')}` },
      { label: 'Signed by', text: `the keyholder, key ${signedBy}` },
      { label: 'At', text: `${formatInstant(desk.now)}, as the operator asked` },
      {
        label: 'Not agreed',
        text: 'to it? Whoever has that file and the custodian’s key reads everything: ask both people, and think of new keys',
      },
    ],
  });
}
