import type { Keyring } from '../../adapters/openpgp/keyring/keyring.ts';
import type { Certificate } from '../../membership/certificate.ts';
import type { Instant } from '../../time/instant.ts';
import { readRequest, writeAnswer } from '../read-request.ts';
import type { OperatorDoor } from './keyholder-tools.ts';

/** P7: requests signed by the pinned operator key; anything else is none. Answers are sealed to the same key. */
export function operatorDoor(
  keyring: Pick<Keyring, 'openRequest' | 'sealAnswer'>,
  operator: Certificate,
  clock: () => Instant,
): OperatorDoor {
  return {
    read: async ({ id, sealed }) => {
      // Whatever is wrong with it, it is not the operator's: the row is refused and the next one looked at.
      const signed = await keyring.openRequest(sealed, [operator], clock()).catch(() => undefined);
      if (!signed) return undefined;
      const { bytes, digest, signedAt } = signed;
      return { request: readRequest(id, bytes), digest, signedAt };
    },
    answer: ({ id }, answer) => keyring.sealAnswer(writeAnswer(id, answer), operator, clock()),
  };
}
