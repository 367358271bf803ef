import { type Rule, waitsForAnAdministrator } from './rule.ts';

/**
 * K1: an encrypted body that was seen before is somebody's mail, mailed in again to have it opened for the wrong people. As
 * the mail itself it is held in its own case too: it was sealed for those who read it then. A part of it there is an
 * ordinary quotation, which members alone have opened.
 */
export const bodyBelongsToOneCase: Rule = {
  name: 'body-belongs-to-one-case',
  judge: ({ opened, place }, { bodies, cases }) => {
    const here = place.kind === 'case' ? place.case.number : undefined;
    const seenIn = (digest: string | undefined) => (digest === undefined ? undefined : bodies.get(digest));
    const quoted = opened.inner.map((part) => seenIn(part.bodyDigest));
    const seen =
      seenIn(opened.bodyDigest) ?? quoted.find((number) => number !== undefined && number !== here);
    if (seen === undefined) return undefined;
    const list = place.kind === 'case' ? place.case.list : place.list;
    // I9: another list's administrators learn no case of this one.
    const where = cases.get(seen)?.list === list ? seen : 'a case of another list';
    return {
      kind: 'hold',
      inside: `It carries an encrypted part that had already come in, in ${where}.`,
      outside: waitsForAnAdministrator,
    };
  },
};
