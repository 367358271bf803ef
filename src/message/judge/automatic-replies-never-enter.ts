import { sameMailbox } from '../../mail/address.ts';
import type { LetterHead } from '../../mail/letter-head.ts';
import { hasTag } from '../../mail/subject-tag.ts';
import type { Roster } from '../../membership/roster.ts';
import type { Letter } from '../letter/letter.ts';
import { type Finding, type Rule, waitsForAnAdministrator } from './rule.ts';

/** Marks that vacation programs of the field set besides RFC 3834 §5. */
const replyMarks = ['x-autoreply', 'x-autorespond', 'x-auto-reply-from', 'x-autoreply-from'];

/**
 * Loops, out-of-office and bounces never enter a case. Only header fields and the envelope are asked, never the
 * subject: "returned mail parser RCE" is a report. What is encrypted or tagged and merely looks automatic is held.
 */
export const automaticRepliesNeverEnter: Rule = {
  name: 'automatic-replies-never-enter',
  judge: (letter, { roster }) => {
    const { outer } = letter.opened;
    const answered = isOwnOrAutomatic(outer);
    if (answered) return answered;
    const fromNobody = letter.envelope.mailFrom === '';
    // X-Loop stands in mail of bug trackers and filters too, which people write through.
    if (speaksAsOurList(letter, roster)) {
      return {
        kind: 'hold',
        inside: 'It says it comes from our own list: a loop, or a disguise.',
        outside: waitsForAnAdministrator,
      };
    }
    const looksAutomatic =
      fromNobody || outer.names.has('x-loop') || outer.precedence === 'bulk' || outer.precedence === 'junk';
    const generated = outer.autoSubmitted !== undefined && outer.autoSubmitted !== 'no';
    if (!looksAutomatic && !generated) return undefined;
    if (fromNobody && letter.opened.encryption.kind === 'none' && !hasTag(outer.subject)) {
      return refusal('It has a null return path and is neither encrypted nor tagged: a bounce.');
    }
    return { kind: 'hold', inside: 'It says it was sent by a machine.', outside: waitsForAnAdministrator };
  },
};

/**
 * What no person wrote, by its header alone, so that a mail that cannot be opened is asked too: our own copies come back
 * sealed for a reader, and a notice about each would come back as well.
 */
export function isOwnOrAutomatic(outer: LetterHead): Omit<Finding, 'rule'> | undefined {
  // Our copies carry a field of ours that has no business coming in.
  if (outer.names.has('embargod-copy')) return refusal('It is the list’s own mail, coming back.');
  return isAutomaticReply(outer) ? refusal('It is an automatic reply (RFC 3834).') : undefined;
}

function refusal(inside: string) {
  return { kind: 'refuse', inside, outside: '' } as const;
}

export function isAutomaticReply(head: LetterHead): boolean {
  const marked = head.autoSubmitted === 'auto-replied' || head.precedence === 'auto_reply';
  return marked || replyMarks.some((mark) => head.names.has(mark));
}

/** A copy that somebody opened and sent back in clear has lost our field, and still has the list's name on it. */
function speaksAsOurList({ opened: { outer } }: Letter, roster: Roster): boolean {
  const lists = [...roster.lists.values()];
  return lists.some(
    ({ address }) =>
      outer.listId?.includes(address.replace('@', '.')) ||
      outer.from.some((mailbox) => sameMailbox(mailbox.address, address)),
  );
}
