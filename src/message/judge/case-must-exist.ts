import { type Rule, waitsForAnAdministrator } from './rule.ts';

/** The door takes every well-formed case address (R8); whether the case exists is known only here. */
export const caseMustExist: Rule = {
  name: 'case-must-exist',
  judge: ({ place }) =>
    place.kind === 'unknown-case'
      ? {
          kind: 'hold',
          inside: `It was sent to ${place.caseNumber}, which is no case of ${place.list}.`,
          outside: waitsForAnAdministrator,
        }
      : undefined,
};
