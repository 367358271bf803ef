import { type Rule, waitsForAnAdministrator } from './rule.ts';

/** Two From fields let each reader's program show another author (RFC 5322 §3.6 allows one). */
export const oneAuthorOnly: Rule = {
  name: 'one-author-only',
  judge: ({ opened: { outer, head } }) =>
    outer.repeated.includes('from') || head.repeated.includes('from')
      ? { kind: 'hold', inside: 'It has more than one From field.', outside: waitsForAnAdministrator }
      : undefined,
};
