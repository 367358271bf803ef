import { listOf } from '../letter/letter.ts';
import { type Rule, waitsForAnAdministrator } from './rule.ts';

/** The door's limit is for the machine; this one is the list's own. */
export const mailMustFitTheList: Rule = {
  name: 'mail-must-fit-the-list',
  judge: (letter, { roster }) => {
    const limit = roster.lists.get(listOf(letter.place))?.maximumSize ?? 0;
    return letter.raw.length <= limit
      ? undefined
      : {
          kind: 'hold',
          inside: `It is larger than the list takes (${letter.raw.length} of at most ${limit} bytes).`,
          outside: waitsForAnAdministrator,
        };
  },
};
