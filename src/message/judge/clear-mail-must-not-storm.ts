import { sameMailbox } from '../../mail/address.ts';
import { hour } from '../../time/instant.ts';
import type { Knowledge } from '../journal/knowledge.ts';
import type { Letter } from '../letter/letter.ts';
import { type Rule, waitsForAnAdministrator } from './rule.ts';

/** People who answer by hand stay below; two machines that answer each other's copies double them every minute. */
const mailsOfOneAuthor = 5;

/**
 * A machine that answers copies in clear and says nothing of being one cannot be told from a person, but by how often: what
 * nobody signed waits from then on, and mail stops growing.
 */
export const clearMailMustNotStorm: Rule = {
  name: 'clear-mail-must-not-storm',
  judge: (letter, { messages }) => {
    const { place, opened } = letter;
    if (place.kind !== 'case' || opened.encryption.kind !== 'none' || opened.signature.kind === 'valid')
      return undefined;
    return recentUnsigned(letter, place.case.number, messages) < mailsOfOneAuthor
      ? undefined
      : {
          kind: 'hold',
          inside: `Its author wrote ${mailsOfOneAuthor} times to this case within an hour, in clear and unsigned: a machine that answers each copy?`,
          outside: waitsForAnAdministrator,
        };
  },
};

function recentUnsigned(
  { opened, receivedAt }: Letter,
  caseNumber: string,
  messages: Knowledge['messages'],
): number {
  const author = opened.head.from[0]?.address;
  // Each message is known by two ids.
  const alike = [...new Set(messages.values())].filter(
    ({ caseNumber: filed, from, at, signatureDigest }) =>
      filed === caseNumber &&
      signatureDigest === undefined &&
      receivedAt - at < hour &&
      (author && from ? sameMailbox(author, from) : author === from),
  );
  return alike.length;
}
