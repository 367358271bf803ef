import type { ArrivedMail } from './arrived-mail.ts';
import type { ModerationReason } from './moderation-reason.ts';

/** Attack: one mail that is sent to 7,000 subscribers costs 7,000 times its size. oss-security has the same limit. */
const maximumPosting = 1024 * 1024;

export function mustFitTheLimit({ raw }: ArrivedMail): readonly ModerationReason[] {
  return raw.length <= maximumPosting ? [] : ['too-large'];
}
