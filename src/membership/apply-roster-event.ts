import { applyMailKeyEvent } from './mail-keys.ts';
import { applyProofEvent, withoutProof } from './proof.ts';
import type { Administration, Representative, Roster } from './roster.ts';
import type { RosterEvent } from './roster-event.ts';

/** The roster after one event; the roster before it is untouched. Unknown ids change nothing. */
export function applyRosterEvent(roster: Roster, event: RosterEvent): Roster {
  switch (event.kind) {
    case 'list-added':
      return { ...roster, lists: new Map(roster.lists).set(event.list.name, event.list) };
    case 'member-added': {
      const { member: name, lists, products } = event;
      return { ...roster, members: new Map(roster.members).set(name, { name, lists, products }) };
    }
    case 'representative-added': {
      const { id, member, address, certificate, effectiveFrom } = event;
      const certificates = [{ certificate, effectiveFrom }];
      return withRepresentative(roster, {
        id,
        member,
        address,
        certificates,
        standing: 'active',
        effectiveFrom,
      });
    }
    case 'certificate-added':
      return changeRepresentative(roster, event.representative, (before) => ({
        ...before,
        // A renewed certificate does not displace the one before it until it takes effect (A6): nobody misses a day.
        certificates: [
          ...before.certificates,
          { certificate: event.certificate, effectiveFrom: event.effectiveFrom },
        ],
      }));
    case 'representative-suspended':
      return changeRepresentative(
        withoutCustodian(roster, event.representative),
        event.representative,
        (before) => ({
          ...before,
          standing: 'suspended',
        }),
      );
    case 'representative-restored':
      return changeRepresentative(roster, event.representative, (before) => ({
        ...before,
        standing: 'active',
        effectiveFrom: event.effectiveFrom,
      }));
    case 'representative-removed':
      return changeRepresentative(
        withoutOffice(roster, event.representative),
        event.representative,
        (before) => ({
          ...before,
          standing: 'removed',
        }),
      );
    case 'administrator-added': {
      const { list, representative, effectiveFrom } = event;
      return withAdministrations(roster, event, [{ list, representative, effectiveFrom }]);
    }
    case 'administrator-removed':
      return withAdministrations(withoutOffice(roster, event.representative, event.list), event, []);
    case 'list-key-replaced':
    case 'list-key-revoked':
    case 'list-key-destroyed':
    case 'list-keys-remembered':
      return { ...roster, mailKeys: applyMailKeyEvent(roster.mailKeys, event) };
    case 'administrators-must-prove':
    case 'administrator-proved':
      return { ...roster, proofs: applyProofEvent(roster.proofs, event) };
    case 'custodian-dismissed':
      return withoutCustodian(roster, event.representative);
    case 'custodian-named': {
      const { representative, effectiveFrom } = event;
      return { ...roster, custodian: { representative, effectiveFrom } };
    }
  }
}

/** Ends for good: neither a restored standing nor a later office brings it back without being announced (I12). */
function withoutCustodian(roster: Roster, id: string): Roster {
  return roster.custodian?.representative === id ? { ...roster, custodian: undefined } : roster;
}

/** Who no longer administers has nothing to prove as an administrator. */
function withoutOffice(roster: Roster, id: string, list?: string): Roster {
  return { ...withoutCustodian(roster, id), proofs: withoutProof(roster.proofs, list, id) };
}

function withRepresentative(roster: Roster, representative: Representative): Roster {
  return {
    ...roster,
    representatives: new Map(roster.representatives).set(representative.id, representative),
  };
}

function changeRepresentative(
  roster: Roster,
  id: string,
  change: (before: Representative) => Representative,
): Roster {
  const before = roster.representatives.get(id);
  return before ? withRepresentative(roster, change(before)) : roster;
}

function withAdministrations(
  roster: Roster,
  of: Readonly<{ list: string; representative: string }>,
  added: readonly Administration[],
): Roster {
  const others = roster.administrations.filter(
    (administration) =>
      administration.list !== of.list || administration.representative !== of.representative,
  );
  return { ...roster, administrations: [...others, ...added] };
}
