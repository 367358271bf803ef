import type { PostingLine, ThreadLine } from '../../../publication/archive/posting.ts';
import { formatInstant, type Instant } from '../../../time/instant.ts';
import { html, type Markup } from '../../html/markup.ts';
import { postingPath, shortTime } from './archive-paths.ts';
import { veilAddress } from './posting-text.ts';

export type Author = Pick<PostingLine, 'authorName' | 'authorAddress'>;

/** Who wrote: the name that they gave, else the address, veiled. */
export function authorName({ authorName: name, authorAddress: address }: Author): string {
  // A name is a stranger's text too, and often an address.
  return veilAddress(name?.trim() || address || 'somebody');
}

export function subjectOf({ subject }: Readonly<{ subject: string }>): string {
  return veilAddress(subject.trim() || '(no subject)');
}

/** Without the `Re:` that an answer adds. */
export function bareSubject(line: Readonly<{ subject: string }>): string {
  return subjectOf(line).replace(/^(?:re: ?)+/i, '');
}

export function time(at: Instant): Markup {
  return html`<time datetime="${formatInstant(at)}">${shortTime(at)}</time>`;
}

/** A list of postings, in the order given. */
export function postingLines(lines: readonly PostingLine[]): Markup {
  return html`<ol class="lines">${lines.map(
    (line) => html`<li>
<a href="${postingPath(line.list, line.id)}">${subjectOf(line)}</a> <span class="by">${authorName(line)}</span>
<span class="count">${line.hasPatch ? 'patch' : ''}</span> ${time(line.postedAt)}</li>
`,
  )}</ol>`;
}

export type ShownThread = Readonly<{ thread: ThreadLine; path: string; by: string }>;

/** Threads lead to their first posting, and say who wrote it. */
export function threadLines(threads: readonly ShownThread[]): Markup {
  return html`<ol class="lines">${threads.map(
    ({ thread, path, by }) => html`<li>
<a href="${path}">${subjectOf(thread)}</a> <span class="by">${by}</span>
<span class="count">${thread.postings}<span class="word"> ${thread.postings === 1 ? 'posting' : 'postings'}</span></span> ${time(thread.lastAt)}</li>
`,
  )}</ol>`;
}
