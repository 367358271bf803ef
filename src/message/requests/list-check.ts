import { describeWant, listsInWant } from '../../membership/lists-in-want.ts';
import { done, type Execute } from './execution.ts';
import type { Request } from './request.ts';

/** Private lists without a reader or an administrator now; `doctor` fails on them. */
export const listCheck: Execute<Extract<Request, { kind: 'list-check' }>> = async (_, { knowledge, now }) => {
  const wants = listsInWant(knowledge.roster, now);
  const fine = 'Every private list has readers and administrators.';
  return done(
    wants.length > 0 ? wants.map(describeWant) : [fine],
    wants.map((want) => ({ ...want })),
  );
};
