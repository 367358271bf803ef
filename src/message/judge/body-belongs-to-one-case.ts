import { bodyDigestsOf } from '../open/opened.ts';
import { type Rule, waitsForAnAdministrator } from './rule.ts';

/**
 * K1: an encrypted body that was seen in another case is somebody's mail, mailed in again to have it opened for the
 * wrong people. The same body in its own case is an ordinary quotation.
 */
export const bodyBelongsToOneCase: Rule = {
  name: 'body-belongs-to-one-case',
  judge: ({ opened, place }, { bodies }) => {
    const here = place.kind === 'case' ? place.case.number : undefined;
    const elsewhere = bodyDigestsOf(opened)
      .map((digest) => bodies.get(digest))
      .find((number) => number !== undefined && number !== here);
    return elsewhere === undefined
      ? undefined
      : {
          kind: 'hold',
          inside: `It carries an encrypted part that had already come in, in ${elsewhere}.`,
          outside: waitsForAnAdministrator,
        };
  },
};
