import type { Keyholder } from './settle.ts';

/** What the public side shows of the lists: handed over whole, again after each change; the public side keeps the last. */
export async function handDirectory({ fold, tools }: Keyholder): Promise<void> {
  const lists = [...fold.knowledge.roster.lists.values()].map(({ name, kind, address, title, since }) => ({
    name,
    kind,
    address,
    title,
    since,
    certificate: tools.keys.armouredKey(name),
  }));
  await tools.publicDoor.handDirectory(lists);
}
