import type { Posting } from '../../../publication/archive/posting.ts';
import { formatInstant, type Instant } from '../../../time/instant.ts';
import { html } from '../../html/markup.ts';
import { postingPath } from './archive-paths.ts';
import { authorName, subjectOf } from './posting-lines.ts';

export type Feed = Readonly<{
  title: string;
  /** Of the site, without a final slash. */
  url: string;
  /** The feed's own path, and that of the page it belongs to. */
  self: string;
  page: string;
  /** When there is nothing in it. */
  changedAt: Instant;
  /** The newest first. */
  postings: readonly Posting[];
}>;

/** A feed's text is a taste; the posting is one click away. */
const longestContent = 10_000;

/** RFC 4287. Ids are the postings' addresses, which never move. */
export function atomFeed({ title, url, self, page, changedAt, postings }: Feed): string {
  const updated = formatInstant(postings[0]?.postedAt ?? changedAt);
  const text = html`<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<title>${title}</title>
<id>${url}${self}</id>
<link rel="self" href="${url}${self}"/>
<link href="${url}${page}"/>
<updated>${updated}</updated>
${postings.map((posting) => entry(posting, url))}</feed>
`;
  return withoutControls(String(text));
}

function entry(posting: Posting, url: string) {
  const address = url + postingPath(posting.list, posting.id);
  const text = posting.parts.map((part) => part.text ?? '').join('\n');
  const at = formatInstant(posting.postedAt);
  return html`<entry>
<title>${subjectOf(posting)}</title>
<author><name>${authorName(posting)}</name></author>
<id>${address}</id>
<link href="${address}"/>
<published>${at}</published>
<updated>${at}</updated>
<content type="text">${text.slice(0, longestContent)}</content>
</entry>
`;
}

/** XML 1.0 §2.2 has no place for them, escaped or not: one in a subject would break the feed for everybody. */
function withoutControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  return text.toWellFormed().replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '\ufffd');
}
