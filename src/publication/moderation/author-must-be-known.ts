import type { ArrivedMail } from './arrived-mail.ts';
import type { ModerationReason } from './moderation-reason.ts';

/** First-poster moderation: a moderator has passed a posting of this author on each of these lists. */
export function authorMustBeKnown({ lists, knownOn }: ArrivedMail): readonly ModerationReason[] {
  return lists.every((list) => knownOn.includes(list)) ? [] : ['first-of-its-author'];
}
