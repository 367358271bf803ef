/** A mail to a public list: posted at once, or held for a moderator with every reason why. */
import type { PublicDecision, PublicItem } from '../../adapters/postgres/public-store.ts';
import { arrivedPosting } from '../../publication/archive/make-posting.ts';
import { type ArrivedMail, readArrivedMail } from '../../publication/moderation/arrived-mail.ts';
import { judgePosting } from '../../publication/moderation/judge-posting.ts';
import type { KeeperTools } from './keeper-tools.ts';
import { readPublicEnvelope } from './read-public-envelope.ts';

export async function workPublicMail(item: PublicItem, tools: KeeperTools): Promise<PublicDecision> {
  const mail = await arrivedMail(item, tools);
  const heldFor = judgePosting(mail);
  const unfit = heldFor.length === 0 && !(await post(mail, tools));
  if (heldFor.length === 0 && !unfit) {
    tools.log.info('public-mail-posted', { id: item.id });
    return { state: 'done' };
  }
  const reasons = unfit ? (['could-not-be-archived'] as const) : heldFor;
  tools.log.info('public-mail-held', { id: item.id, code: reasons.join(' ') });
  return { state: 'held', heldFor: reasons };
}

export async function arrivedMail(item: PublicItem, { store }: KeeperTools): Promise<ArrivedMail> {
  const read = readArrivedMail(readPublicEnvelope(item.envelope), item.raw, await store.lists());
  const knownOn = read.author === undefined ? [] : await store.knownOn(read.author);
  return { ...read, knownOn };
}

/** On every list that it was sent to. Its time is when it became public: feeds and the newest postings show it then. */
export async function post(
  { lists, raw }: Pick<ArrivedMail, 'lists' | 'raw'>,
  { store, posting, clock }: KeeperTools,
): Promise<boolean> {
  const now = clock();
  for (const list of lists) {
    const made = await arrivedPosting(list, raw, { ...posting, receivedAt: now });
    if ((await store.archive(list, made, now)) === 'unfit') return false;
  }
  return true;
}
