import { type Rule, waitsForAnAdministrator } from './rule.ts';

/**
 * A gpg that failed in a pipe, or a program that lost the body, sends a mail without any content. It would open a case
 * about nothing and tell its author that all is well; a person asks them instead.
 */
export const newReportMustSaySomething: Rule = {
  name: 'new-report-must-say-something',
  judge: ({ place, opened }) => {
    if (place.kind !== 'new-report' || opened.text.trim() !== '') return undefined;
    if (opened.hasAttachment || opened.inner.length > 0 || opened.unopened.length > 0) return undefined;
    return { kind: 'hold', inside: 'It has neither text nor attachment.', outside: waitsForAnAdministrator };
  },
};
