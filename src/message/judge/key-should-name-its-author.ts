import { parseAddress, sameMailbox } from '../../mail/address.ts';
import type { Rule } from './rule.ts';

/**
 * A1: From stands outside, where a thief of a sealed report puts their own. The key that lay inside and signed is the
 * writer's; its answers are sealed to it but go to From, so the members are told when the two do not fit.
 */
export const keyShouldNameItsAuthor: Rule = {
  name: 'key-should-name-its-author',
  judge: ({ signer, opened: { head } }) => {
    const from = head.from[0]?.address;
    if (signer.kind !== 'enclosed' || from === undefined) return undefined;
    const named = signer.certificate.userIds
      .map((userId) => parseAddress(/<([^<>]*)>\s*$/.exec(userId)?.[1] ?? userId))
      .filter((address) => address !== undefined);
    return named.some((address) => sameMailbox(address, from))
      ? undefined
      : {
          kind: 'mark',
          inside: `It came from ${from}, an address that the key which signed it does not name: ask by another way before you answer.`,
          outside: '',
        };
  },
};
