import { type Rule, waitsForAnAdministrator } from './rule.ts';

/** A signature that does not fit its text is worse than none: a person looks. */
export const signatureMustNotBeInvalid: Rule = {
  name: 'signature-must-not-be-invalid',
  judge: ({ opened: { signature } }) =>
    signature.kind === 'invalid'
      ? {
          kind: 'hold',
          inside: `Its signature by key ${signature.keyId} is invalid: ${signature.reason}.`,
          outside: waitsForAnAdministrator,
        }
      : undefined,
};
