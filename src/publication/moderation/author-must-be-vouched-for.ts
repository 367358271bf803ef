import type { ArrivedMail } from './arrived-mail.ts';
import type { ModerationReason } from './moderation-reason.ts';

/** From is anybody's to write: without aligned SPF or DKIM a known author's name opens nothing. */
export function authorMustBeVouchedFor({ aligned }: ArrivedMail): readonly ModerationReason[] {
  return aligned ? [] : ['author-not-vouched-for'];
}
