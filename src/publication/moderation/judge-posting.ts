/**
 * Whether a mail to a public list is posted at once or waits for a moderator. Every rule is asked, so that a moderator sees
 * all that there is against it; with nothing found it is posted. Nothing is refused here: only a person refuses.
 */
import { screenPosting } from '../screen-posting.ts';
import type { ArrivedMail } from './arrived-mail.ts';
import { authorMustBeKnown } from './author-must-be-known.ts';
import { authorMustBeVouchedFor } from './author-must-be-vouched-for.ts';
import type { ModerationReason } from './moderation-reason.ts';
import { mustComeFromAPerson } from './must-come-from-a-person.ts';
import { mustFitTheLimit } from './must-fit-the-limit.ts';
import { mustGoToAList } from './must-go-to-a-list.ts';
import { mustHaveOneAuthor } from './must-have-one-author.ts';

type Rule = (mail: ArrivedMail) => readonly ModerationReason[];

/** U1 first: what a moderator should read first. */
const rules: readonly Rule[] = [
  (mail) => screenPosting(mail, mail.directory),
  mustGoToAList,
  mustComeFromAPerson,
  mustHaveOneAuthor,
  authorMustBeVouchedFor,
  authorMustBeKnown,
  mustFitTheLimit,
];

export function judgePosting(mail: ArrivedMail): readonly ModerationReason[] {
  return rules.flatMap((rule) => rule(mail));
}
