import type { Posting, PostingLine, ThreadLine } from '../../../publication/archive/posting.ts';
import { formatInstant } from '../../../time/instant.ts';
import { datedPath, postingPath } from './archive-paths.ts';

/** The JSON beside each page: names and meanings as docs/urls.md promises them; times are RFC 3339 in UTC. */
export function lineJson(line: PostingLine) {
  return {
    list: line.list,
    messageId: line.id,
    subject: line.subject,
    author: line.authorName ?? null,
    address: line.authorAddress ?? null,
    postedAt: formatInstant(line.postedAt),
    answers: line.answers,
    hasPatch: line.hasPatch,
    path: postingPath(line.list, line.id),
    short: datedPath(line.list, line.day, line.dayNumber),
  };
}

export function postingJson(posting: Posting) {
  return {
    ...lineJson(posting),
    size: posting.size,
    parts: posting.parts.map(({ number, type, name, size, text, fromHtml }) => ({
      number,
      type,
      name: name ?? null,
      size,
      text: text ?? null,
      fromHtml,
    })),
    raw: postingPath(posting.list, posting.id, 'raw'),
  };
}

export function threadJson(thread: ThreadLine, first: string) {
  return {
    list: thread.list,
    subject: thread.subject,
    startedAt: formatInstant(thread.startedAt),
    lastAt: formatInstant(thread.lastAt),
    postings: thread.postings,
    path: first,
  };
}
