import { applyRosterEvent } from '../../membership/apply-roster-event.ts';
import type { MergeCertificate } from '../../membership/certificate.ts';
import { proofOwedBy } from '../../membership/proof.ts';
import type { Administration, OwedProof, Roster } from '../../membership/roster.ts';
import type { RosterEvent } from '../../membership/roster-event.ts';
import { type Instant, later } from '../../time/instant.ts';
import type { Event } from '../journal/event.ts';
import { proveWithin } from '../obligation.ts';
import type { Plan } from '../plan.ts';
import type { ObligationRow } from '../ports.ts';
import { readerChange } from '../reader-change.ts';
import { type CertificateMemory, rememberingCertificates, revokedAgain } from './certificate-memory.ts';
import { type KeyMemory, keysAsRemembered, rememberingKeys } from './key-memory.ts';

/**
 * What the keyholder keeps of the roster beside its keys, outside the database: ids and public keys. A backup that
 * comes back to the same machine revives no right that was taken away since (I12).
 */
export type RosterMemory = Readonly<{
  /** Last known standing of each representative, by id. */
  standing: Readonly<Record<string, string>>;
  /** `LIST ID` of each administrator. */
  administrations: readonly string[];
  /** `LIST ID` of each who was one, and is no more. */
  dismissed: readonly string[];
  mailKeys: KeyMemory;
  certificates: CertificateMemory;
  /** Who was the custodian of the keys; null: nobody. Undefined where nobody knows. */
  custodian?: string | null | undefined;
  /** Administrators who had yet to prove their keys after a theft. */
  proofs: readonly OwedProof[];
}>;

export const emptyMemory: RosterMemory = {
  standing: {},
  administrations: [],
  dismissed: [],
  mailKeys: {},
  certificates: {},
  proofs: [],
};

/** Nothing is forgotten that a later restore could bring back: people of a lost stretch of the journal stay in it. */
export function remembering(before: RosterMemory, roster: Roster): RosterMemory {
  const people = [...roster.representatives.values()].map(({ id, standing }) => [id, standing] as const);
  const administrations = roster.administrations.map(nameOf);
  const ever = new Set([...before.dismissed, ...before.administrations]);
  return {
    standing: { ...before.standing, ...Object.fromEntries(people) },
    administrations,
    dismissed: [...ever].filter((one) => !administrations.includes(one)),
    mailKeys: rememberingKeys(before.mailKeys, roster),
    certificates: rememberingCertificates(before.certificates, roster),
    custodian: roster.custodian?.representative ?? null,
    proofs: roster.proofs,
  };
}

function nameOf({ list, representative }: Administration): string {
  return `${list} ${representative}`;
}

/** What takes away again what the restored roster gives back; `told` says so to people. */
export type Withdrawals = Pick<Plan, 'events' | 'readers' | 'cancelFor' | 'obligationsOpened'> &
  Readonly<{ told: readonly string[] }>;

/** Who may do by the backup what they might not by the memory lost that right in between. */
export function withdrawAgain(
  memory: RosterMemory,
  roster: Roster,
  by: Readonly<{ now: Instant; merge: MergeCertificate }>,
): Withdrawals {
  const { now } = by;
  const withdrawn = [...roster.representatives.values()].flatMap((person) => {
    const standing = lower(person.standing, memory.standing[person.id]);
    return standing ? [{ person, standing }] : [];
  });
  const administrations = roster.administrations.filter((one) => memory.dismissed.includes(nameOf(one)));
  const keys = keysAsRemembered(memory.mailKeys, roster);
  const revoked = revokedAgain(memory.certificates, roster, by);
  const proofs = memory.proofs.filter(
    ({ list, representative }) => proofOwedBy(roster, representative, list) === undefined,
  );
  const custodian = roster.custodian?.representative;
  const lostOffice =
    memory.custodian !== undefined && custodian !== undefined && memory.custodian !== custodian;
  const ofPeople: readonly RosterEvent[] = [
    ...withdrawn.map(({ person, standing }): RosterEvent => {
      const representative = person.id;
      return standing === 'removed'
        ? { kind: 'representative-removed', representative }
        : { kind: 'representative-suspended', representative };
    }),
    ...revoked.flatMap((one) => one.events),
  ];
  const after = ofPeople.reduce(applyRosterEvent, roster).representatives;
  const touched = [...new Set([...withdrawn, ...revoked].map(({ person }) => person.id))];
  const events: readonly Event[] = [
    ...keys,
    ...(lostOffice ? [{ kind: 'custodian-dismissed', representative: custodian } as const] : []),
    ...proofs.map(askedAgain),
    ...ofPeople,
    ...administrations.map(
      ({ list, representative }): Event => ({ kind: 'administrator-removed', list, representative }),
    ),
  ];
  return {
    events,
    readers: touched.flatMap((id) => {
      const person = after.get(id);
      return person ? [readerChange(person, now)] : [];
    }),
    cancelFor: touched,
    obligationsOpened: proofs.map((proof) => owedAgain(proof, roster, now)),
    told: [
      ...withdrawn.map(({ person, standing }) => `${person.address} (${person.member}), ${standing}`),
      ...revoked.map(({ person }) => `${person.address} (${person.member}), who had revoked a certificate`),
      ...(lostOffice ? ['the custodian of the keys, who is one no more'] : []),
      ...keys.flatMap((event) =>
        'list' in event ? [`the key of ${String(event.list)}, which was replaced`] : [],
      ),
      ...administrations.map(({ list, representative }) => {
        const address = roster.representatives.get(representative)?.address ?? representative;
        return `${address}, no administrator of ${list}`;
      }),
    ],
  };
}

/** The moment of the first question: what was answered to it is still an answer, and its address still the same. */
function askedAgain({ list, representative, since, obligation }: OwedProof): Event {
  return {
    kind: 'administrators-must-prove',
    list,
    representatives: [{ id: representative, obligation }],
    at: since,
  };
}

/** Its row was made in the same step as the question, and is lost with it. */
function owedAgain(
  { list, representative, obligation }: OwedProof,
  roster: Roster,
  now: Instant,
): ObligationRow {
  const owner = roster.representatives.get(representative)?.address ?? 'administrators';
  const row = { id: obligation, kind: 'prove-key', list, subject: representative, owner };
  return { ...row, openedAt: now, dueAt: later(now, proveWithin) };
}

/** What was remembered, where it gives less than the restored standing does. */
function lower(restored: string, remembered: string | undefined): 'suspended' | 'removed' | undefined {
  if (remembered === 'removed') return restored === 'removed' ? undefined : 'removed';
  return remembered === 'suspended' && restored === 'active' ? 'suspended' : undefined;
}
