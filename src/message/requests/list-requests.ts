import { listAddress } from '../../mail/list-address.ts';
import { administratorsOf, type ListSettings, representativesOf } from '../../membership/roster.ts';
import { formatInstant, later } from '../../time/instant.ts';
import type { Event } from '../journal/event.ts';
import { mailKeyGrace } from '../list-key/mail-key-grace.ts';
import { done, type Execute, refused } from './execution.ts';
import { isListName, type Request } from './request.ts';

type Of<Kind> = Extract<Request, { kind: Kind }>;

export const listAdd: Execute<Of<'list-add'>> = async ({ settings }, desk, tools) => {
  const { name } = settings;
  const { lists } = desk.knowledge.roster;
  if (!isListName(name)) {
    return refused(`"${name}" cannot be a list's name: it takes a-z, 0-9 and "-", and begins with a letter.`);
  }
  if (lists.has(name)) return refused(`The list ${name} exists already. See: embargod list show ${name}`);
  const missing = settings.includes.find((other) => lists.get(other)?.kind !== 'private');
  if (missing)
    return refused(`${name} is to include ${missing}, which is no private list yet. Add ${missing} first.`);
  const list: ListSettings = { ...settings, address: listAddress(name, desk.domain), since: desk.now };
  const door = await tools.createList(list);
  return done(
    [
      `${list.address} is ready.`,
      ...(list.kind === 'private' ? ['Name its members and an administrator before the first report.'] : []),
      'Postfix in front? Add the list to embargod-recipients (contrib/postfix), or its mail is refused.',
    ],
    { name, address: list.address, kind: list.kind },
    {
      events: [{ kind: 'list-added', list }, ...succession(tools.listKeys(name), list)],
      doors: [door],
    },
  );
};

/** Several keys lie there already when another installation's were imported: the newest is current, the others retire. */
function succession(keys: readonly string[], { name: list, since }: ListSettings): readonly Event[] {
  const opensUntil = later(since, mailKeyGrace);
  return keys.slice(1).map((fingerprint, i): Event => {
    return { kind: 'list-key-replaced', list, fingerprint, previous: keys[i] ?? '', opensUntil };
  });
}

export const listShow: Execute<Of<'list-show'>> = async ({ name }, desk, tools) => {
  const { roster } = desk.knowledge;
  const list = roster.lists.get(name);
  if (!list) return refused(noSuchList(name, [...roster.lists.keys()]));
  const readers = list.kind === 'private' ? representativesOf(roster, name, desk.now) : [];
  const administrators = administratorsOf(roster, name, desk.now).map((person) => person.address);
  const { address, title, preset, includes } = list;
  const keys = roster.mailKeys.get(name);
  // Before the first rotation the journal names none.
  const current = keys?.current ?? (list.kind === 'private' ? tools.listKeys(name).at(-1) : undefined);
  const retiring = keys?.retiring ?? [];
  return done(
    [
      `${address}   ${title}`,
      `kind            ${list.kind}, preset ${preset}`,
      ...(includes.length > 0 ? [`includes        ${includes.join(', ')}`] : []),
      ...(current === undefined ? [] : [`key             ${current}`]),
      ...retiring.map(
        ({ fingerprint, opensUntil }) =>
          `                ${fingerprint}, opens mail until ${formatInstant(opensUntil)}`,
      ),
      `readers         ${readers.length}`,
      `administrators  ${administrators.join(', ') || 'none: held mail reaches nobody'}`,
    ],
    {
      name,
      address,
      title,
      kind: list.kind,
      preset,
      includes,
      key: current ?? null,
      readers: readers.length,
      administrators,
    },
  );
};

export const listKey: Execute<Of<'list-key'>> = async ({ name }, desk, tools) => {
  const list = desk.knowledge.roster.lists.get(name);
  if (!list) return refused(noSuchList(name, [...desk.knowledge.roster.lists.keys()]));
  const armour = await tools.armouredKey(name);
  if (armour === undefined) return refused(`${name} is a public list: what is sent to it is not encrypted.`);
  return done(armour.trimEnd().split(/\r?\n/), { armour });
};

function noSuchList(name: string, names: readonly string[]): string {
  return `There is no list ${name}. ${names.length > 0 ? `There are: ${names.join(', ')}.` : 'Add one: embargod list add'}`;
}
