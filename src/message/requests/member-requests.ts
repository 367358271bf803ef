import { oneLine } from '../../mail/one-line.ts';
import { mayRead, newestCertificates } from '../../membership/roster.ts';
import { formatInstant } from '../../time/instant.ts';
import { done, type Execute, refused } from './execution.ts';
import type { Request } from './request.ts';

type Of<Kind> = Extract<Request, { kind: Kind }>;

export const memberAdd: Execute<Of<'member-add'>> = async ({ name, lists, products }, desk) => {
  const { roster } = desk.knowledge;
  if (name === '' || name.length > 100 || oneLine(name) !== name)
    return refused('A member needs a name of at most 100 characters, in one line without blanks around it.');
  if (roster.members.has(name))
    return refused(`The member ${name} exists already. See: embargod member list`);
  const wrong = lists.find((list) => roster.lists.get(list)?.kind !== 'private');
  if (wrong) return refused(`There is no private list ${wrong}. See: embargod list show ${wrong}`);
  if (lists.length === 0) return refused('A member belongs to at least one private list: --list NAME.');
  return done(
    [
      `${name} is a member of ${lists.join(', ')}. Its representatives come next: embargod representative add`,
    ],
    { name, lists, products },
    {
      events: [{ kind: 'member-added', member: name, lists, products }],
    },
  );
};

export const memberList: Execute<Of<'member-list'>> = async (_, desk) => {
  const { members, representatives } = desk.knowledge.roster;
  const rows = [...members.values()].map((member) => ({
    name: member.name,
    lists: member.lists,
    products: member.products,
    representatives: [...representatives.values()]
      .filter((person) => person.member === member.name && person.standing !== 'removed')
      .map((person) => ({
        address: person.address,
        standing: person.standing,
        reads: mayRead(person, desk.now),
        effectiveFrom: formatInstant(person.effectiveFrom),
        fingerprints: newestCertificates(person).map((certificate) => certificate.fingerprint),
      })),
  }));
  const text = rows.flatMap((row) => [
    `${row.name}   ${row.lists.join(', ')}`,
    ...row.representatives.map((person) => {
      const waiting =
        person.standing === 'active' && !person.reads ? `, reads from ${person.effectiveFrom}` : '';
      return `  ${person.address}   ${person.standing}${waiting}`;
    }),
  ]);
  return done(text.length > 0 ? text : ['There are no members yet: embargod member add'], rows);
};
