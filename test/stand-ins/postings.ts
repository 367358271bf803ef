/** Postings to a public list, as they arrive: ours, invented. */
import { createHash } from 'node:crypto';
import { htmlToText } from '../../src/adapters/mime/html-to-text.ts';
import { arrivedPosting } from '../../src/publication/archive/make-posting.ts';
import type { NewPosting } from '../../src/publication/archive/posting.ts';
import { type Instant, instantFromMilliseconds } from '../../src/time/instant.ts';

export type PostingMail = Readonly<{
  id?: string;
  from?: string;
  subject?: string;
  /** Ids without brackets: References, the nearest last. */
  answers?: readonly string[];
  text?: string;
  /** Further header lines, or another Content-Type. */
  header?: readonly string[];
}>;

export const postingTools = {
  sha256: (bytes: Uint8Array) => createHash('sha256').update(bytes).digest(),
  htmlToText,
};

export function postingMail(mail: PostingMail): Uint8Array {
  const {
    id,
    from = 'Ann <ann@researcher.example>',
    subject = 'a flaw',
    answers = [],
    text = 'It overflows.',
  } = mail;
  const lines = [
    `From: ${from}`,
    `Subject: ${subject}`,
    ...(id === undefined ? [] : [`Message-ID: <${id}>`]),
    ...(answers.length > 0 ? [`References: ${answers.map((one) => `<${one}>`).join(' ')}`] : []),
    ...(mail.header ?? []),
    '',
    text,
    '',
  ];
  return Buffer.from(lines.join('\n'));
}

export const instantOf = (text: string): Instant => instantFromMilliseconds(Date.parse(text));

export function newPosting(list: string, at: string, mail: PostingMail): Promise<NewPosting> {
  return arrivedPosting(list, postingMail(mail), { ...postingTools, receivedAt: instantOf(at) });
}
