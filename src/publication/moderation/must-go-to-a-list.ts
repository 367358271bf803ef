import type { ArrivedMail } from './arrived-mail.ts';
import type { ModerationReason } from './moderation-reason.ts';

/** Owner's mail, tokens of a private list's kind and lists that are gone end in the same inbox, and are no postings. */
export function mustGoToAList({ lists }: ArrivedMail): readonly ModerationReason[] {
  return lists.length > 0 ? [] : ['for-no-public-list'];
}
