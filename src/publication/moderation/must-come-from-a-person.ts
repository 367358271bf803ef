import type { ArrivedMail } from './arrived-mail.ts';
import type { ModerationReason } from './moderation-reason.ts';

/** RFC 3834 §5, RFC 5321 §4.5.5: the holiday notes of those who may post would be postings. */
export function mustComeFromAPerson({ mailFrom, head }: ArrivedMail): readonly ModerationReason[] {
  const automatic = head?.autoSubmitted !== undefined && head.autoSubmitted !== 'no';
  return mailFrom === '' || automatic ? ['sent-by-a-program'] : [];
}
