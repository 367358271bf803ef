import { hasTag } from '../../mail/subject-tag.ts';
import type { Rule } from './rule.ts';

/** FIELD §2: `[vs]` keeps spam out. Encrypted mail needs no tag, as some programs hide the subject. */
export const newReportMustBeTaggedOrEncrypted: Rule = {
  name: 'new-report-must-be-tagged-or-encrypted',
  judge: ({ place, opened }) =>
    place.kind !== 'new-report' || opened.encryption.kind !== 'none' || hasTag(opened.head.subject)
      ? undefined
      : {
          kind: 'hold',
          inside: 'It came in clear and its subject has no [vs].',
          outside:
            'A report is encrypted to the list’s key, or its subject has [vs] in it. Yours was neither.',
        },
};
