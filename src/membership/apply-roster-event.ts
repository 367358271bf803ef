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
      return changeRepresentative(roster, event.representative, (before) => ({
        ...before,
        standing: 'suspended',
      }));
    case 'representative-restored':
      return changeRepresentative(roster, event.representative, (before) => ({
        ...before,
        standing: 'active',
        effectiveFrom: event.effectiveFrom,
      }));
    case 'representative-removed':
      return changeRepresentative(roster, event.representative, (before) => ({
        ...before,
        standing: 'removed',
      }));
    case 'administrator-added': {
      const { list, representative, effectiveFrom } = event;
      return withAdministrations(roster, event, [{ list, representative, effectiveFrom }]);
    }
    case 'administrator-removed':
      return withAdministrations(roster, event, []);
  }
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
