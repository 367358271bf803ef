import type { ArrivedMail } from './arrived-mail.ts';
import type { ModerationReason } from './moderation-reason.ts';

/** Nobody can be known, vouched for or answered else. */
export function mustHaveOneAuthor({ head, author }: ArrivedMail): readonly ModerationReason[] {
  return head === undefined || author !== undefined ? [] : ['no-single-author'];
}
