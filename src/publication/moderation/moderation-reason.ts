/**
 * Why a mail to a public list waits for a moderator, as the database keeps it, and in words. A reason is ours: nothing of
 * the mail stands in it.
 */
import type { HeldFor } from '../screen-posting.ts';

export type ModerationReason =
  | HeldFor
  | 'first-of-its-author'
  | 'author-not-vouched-for'
  | 'no-single-author'
  | 'too-large'
  | 'sent-by-a-program'
  | 'for-no-public-list'
  | 'could-not-be-archived'
  | 'ended-its-reader';

const words: Readonly<Record<ModerationReason, string>> = {
  'names-a-private-address': 'it names an address of a private list',
  'answers-a-private-message': 'it answers a message of a private list',
  'holds-openpgp': 'it holds an OpenPGP message',
  'has-the-tag-of-reports': 'it has the tag of private reports, [vs]',
  'cannot-be-read': 'it cannot be taken apart, so nobody knows what a reader’s program finds in it',
  'first-of-its-author': 'it is the first posting of its author on this list',
  'author-not-vouched-for': 'nobody vouches for its author: neither SPF nor DKIM of From’s domain',
  'no-single-author': 'its From does not name exactly one author',
  'too-large': 'it is larger than 1 MB',
  'sent-by-a-program': 'a program sent it: an automatic answer, or a report of delivery',
  'for-no-public-list': 'it was not sent to the address of a public list',
  'could-not-be-archived': 'the database refused it when it was to be archived',
  'ended-its-reader':
    'looking at it ended public-keeper three times: do not open it on a machine that matters',
};

/** Of an older or newer version's reason, its name. */
export function wordReason(reason: string): string {
  return isReason(reason) ? words[reason] : reason;
}

function isReason(reason: string): reason is ModerationReason {
  return Object.hasOwn(words, reason);
}

const looksPrivate: ReadonlySet<string> = new Set<ModerationReason>([
  'names-a-private-address',
  'answers-a-private-message',
  'holds-openpgp',
  'has-the-tag-of-reports',
  'cannot-be-read',
  'ended-its-reader',
]);

/** U1: publishing it anyway wants a word of its own. */
export function mayBePrivate(reasons: readonly string[]): boolean {
  return reasons.some((reason) => looksPrivate.has(reason));
}
