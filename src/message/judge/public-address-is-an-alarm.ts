import { sameMailbox } from '../../mail/address.ts';
import type { Rule } from './rule.ts';

/** M6: a report that a public list has read too is public at receipt; the members must know at once. */
export const publicAddressIsAnAlarm: Rule = {
  name: 'public-address-is-an-alarm',
  judge: ({ opened, envelope }, { roster }) => {
    const named = [
      ...opened.outer.to,
      ...opened.outer.cc,
      ...opened.outer.resentTo,
      ...opened.head.to,
      ...opened.head.cc,
    ]
      .map((mailbox) => mailbox.address)
      .concat(envelope.recipients);
    const publicLists = [...roster.lists.values()].filter((list) => list.kind === 'public');
    const found = publicLists.find((list) => named.some((address) => sameMailbox(address, list.address)));
    return found
      ? {
          kind: 'mark',
          inside: `ALARM: it was also addressed to the public list ${found.address}. Treat it as public at receipt.`,
          outside: '',
        }
      : undefined;
  },
};
