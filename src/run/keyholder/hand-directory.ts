import type { Keyholder } from './settle.ts';

/** What the public side shows of the lists: handed over whole, again after each change; the public side keeps the last. */
export async function handDirectory({ fold, tools }: Keyholder): Promise<void> {
  const { roster } = fold.knowledge;
  const lists = [...roster.lists.values()].map(({ name, kind, address, title, since }) => ({
    name,
    kind,
    address,
    title,
    since,
    certificate: tools.keys.armouredKey(name, roster.mailKeys.get(name)),
  }));
  await tools.publicDoor.handDirectory(lists);
}
