import type { Rule } from './rule.ts';

/** Reporters' keys are mostly unknown to us: the mail passes, and its readers are told what is proved and what is not. */
export const unknownSignerIsMarked: Rule = {
  name: 'unknown-signer-is-marked',
  judge: ({ signer }) => {
    switch (signer.kind) {
      case 'none':
        return { kind: 'mark', inside: 'It is not signed: nothing proves who wrote it.', outside: '' };
      case 'unknown':
        return {
          kind: 'mark',
          inside: 'It is signed by a key we do not know: nothing proves who wrote it.',
          outside: '',
        };
      default:
        return undefined;
    }
  },
};
