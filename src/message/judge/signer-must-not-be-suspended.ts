import { type Rule, waitsForAnAdministrator } from './rule.ts';

/** Standing is judged at receipt and again now (A2): who was suspended in between speaks for nobody. */
export const signerMustNotBeSuspended: Rule = {
  name: 'signer-must-not-be-suspended',
  judge: ({ signer }) =>
    signer.kind === 'representative' && signer.representative.standing !== 'active'
      ? {
          kind: 'hold',
          inside: `It is signed by ${signer.representative.address}, whose standing is ${signer.representative.standing}.`,
          outside: waitsForAnAdministrator,
        }
      : undefined,
};
