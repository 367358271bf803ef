import { listOf } from '../letter/letter.ts';
import { type Rule, waitsForAnAdministrator } from './rule.ts';

/** Intake knows the lists from the doors; one that has gone since then is nobody's, so a person looks (I5). */
export const listMustBeKnown: Rule = {
  name: 'list-must-be-known',
  judge: (letter, { roster }) =>
    roster.lists.get(listOf(letter.place))?.kind === 'private'
      ? undefined
      : {
          kind: 'hold',
          inside: 'No private list of this name exists any more.',
          outside: waitsForAnAdministrator,
        },
};
