import {
  administratorsOf,
  currentCertificates,
  privateLists,
  type Representative,
} from '../../membership/roster.ts';
import type { Instant } from '../../time/instant.ts';
import type { Desk } from '../desk.ts';
import { isOlderThanRestore, type Restored, type RestorePart } from './restored.ts';

/** What a file says that somebody signed with gpg --clearsign, once the signature has been checked. */
export type SignedText = Readonly<{ text: string; fingerprint: string; signedAt: Instant }>;

/** The line that an administrator signs. It names the restore, so that no other one is confirmed by it. */
export function restoreStatement({ generation }: Restored, part: RestorePart, domain: string): string {
  return `I confirm restore ${generation} of ${domain}: ${part}`;
}

/** Everybody whose word counts: administrators of any private list as of now. */
export function confirmingAdministrators({ knowledge: { roster }, now }: Desk): readonly Representative[] {
  const all = privateLists(roster).flatMap(({ name }) => administratorsOf(roster, name, now));
  return [...new Map(all.map((person) => [person.id, person])).values()];
}

export type AdministratorWord =
  | Readonly<{ kind: 'given'; by: string }>
  /** No list has an administrator: the operator's word is all there is. */
  | Readonly<{ kind: 'nobody' }>
  | Readonly<{ kind: 'missing'; why: string }>;

/** T6: beside the operator a second person, who reads the list, stands for what a restored database says. */
export function administratorWord(
  part: RestorePart,
  { restored, signed }: Readonly<{ restored: Restored; signed: SignedText | undefined }>,
  desk: Desk,
): AdministratorWord {
  const people = confirmingAdministrators(desk);
  if (people.length === 0) return { kind: 'nobody' };
  const statement = restoreStatement(restored, part, desk.domain);
  if (!signed)
    return missing(
      `An administrator has to sign it: gpg --clearsign over the line "${statement}". Then: --signed FILE`,
    );
  const person = people.find((one) =>
    currentCertificates(one, desk.now).some(({ fingerprint }) => fingerprint === signed.fingerprint),
  );
  if (!person) return missing('The file is signed by nobody who administers a list now.');
  if (isOlderThanRestore(signed.signedAt, { restored })) {
    return missing('The file was signed before the restore: have it signed anew.');
  }
  const says = signed.text.split(/\r?\n/).some((line) => line.trim() === statement);
  return says ? { kind: 'given', by: person.id } : missing(`The signed file has no line "${statement}".`);
}

function missing(why: string): AdministratorWord {
  return { kind: 'missing', why };
}
