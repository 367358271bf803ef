import type { Address } from '../../mail/address.ts';
import type { LetterHead } from '../../mail/letter-head.ts';
import { readLetterHead } from '../../mail/read-letter-head.ts';
import { splitEntity } from '../../mail/split-entity.ts';
import type { DirectoryEntry } from '../directory-record.ts';

/** What intake wrote beside a mail. */
export type ArrivedEnvelope = Readonly<{
  /** '' for the null sender. */
  mailFrom: string;
  recipients: readonly Address[];
  /** From's domain is vouched for by aligned SPF or DKIM. */
  aligned: boolean;
}>;

/** A mail to a public list, read as far as the rules of moderation ask. */
export type ArrivedMail = ArrivedEnvelope &
  Readonly<{
    raw: Uint8Array;
    directory: readonly DirectoryEntry[];
    /** Undefined: it cannot be taken apart. */
    head: LetterHead | undefined;
    /** Public lists that it was sent to, by their very address. */
    lists: readonly string[];
    /** Lower case; undefined unless From names exactly one. */
    author: string | undefined;
    /** Lists on which a moderator has passed a posting of this author. */
    knownOn: readonly string[];
  }>;

export function readArrivedMail(
  envelope: ArrivedEnvelope,
  raw: Uint8Array,
  directory: readonly DirectoryEntry[],
): Omit<ArrivedMail, 'knownOn'> {
  const split = splitEntity(raw);
  const head = split.kind === 'problem' ? undefined : readLetterHead(split.entity.fields);
  const sentTo = new Set(envelope.recipients.map((recipient) => recipient.toLowerCase()));
  const lists = directory
    .filter(({ kind, address }) => kind === 'public' && sentTo.has(address.toLowerCase()))
    .map(({ name }) => name);
  return { ...envelope, raw, directory, head, lists, author: head && singleAuthor(head) };
}

/** A From that stands twice shows one author to us and another one to somebody's program. */
function singleAuthor({ from, repeated }: LetterHead): string | undefined {
  const [author, another] = from;
  return another === undefined && !repeated.includes('from') ? author?.address.toLowerCase() : undefined;
}
