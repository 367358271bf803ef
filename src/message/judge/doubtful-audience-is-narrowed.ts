import type { Doubt } from '../letter/letter.ts';
import type { Rule } from './rule.ts';

const questions: Readonly<Record<Doubt, string>> = {
  'new-tag-on-a-reply':
    'It carries a new [vs] and answers older mail: a report of its own, or part of that case?',
  'address-and-references-disagree':
    'Its address names this case, but it answers mail of another: where does it belong?',
  'subject-names-another-case': 'Its subject names another case than its address: where does it belong?',
  'several-case-addresses':
    'It was sent to more than one case address: only this case has it. Where does it belong?',
  'header-names-another-address':
    'Its header names another address of this list than it was sent to: only the members have it. For whom was it meant?',
  'sealed-by-nobody-on-the-case':
    'It came sealed, and nobody on this case signed it within: only the members have it, as it may be somebody else’s report that was sent on. Who wrote it can sign it and send it again.',
  'answers-a-case-of-another-list':
    'It answers mail of another list’s case, whose members it was not sent to: a report of its own, or part of that case?',
  'answers-as-a-stranger':
    'It answers mail of that case, and nobody in that case writes from its address: part of it, or a report of its own?',
  'sent-to-several-lists':
    'It was sent to more than one of our lists: it is one case, on the one whose members include the others’.',
  'lists-do-not-include-each-other':
    'It was sent to lists that do not include each other: only the first one has it.',
};

/** R2: where it is doubtful who was meant, members only, and the members are asked. */
export const doubtfulAudienceIsNarrowed: Rule = {
  name: 'doubtful-audience-is-narrowed',
  judge: ({ place }) => {
    const doubts = place.kind === 'case' || place.kind === 'new-report' ? place.doubts : [];
    return doubts.length === 0
      ? undefined
      : { kind: 'mark', inside: doubts.map((doubt) => questions[doubt]).join(' '), outside: '' };
  },
};
