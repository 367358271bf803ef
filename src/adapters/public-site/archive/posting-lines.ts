import type { PostingLine, ThreadLine } from '../../../publication/archive/posting.ts';
import { formatInstant, type Instant } from '../../../time/instant.ts';
import { html, type Markup } from '../../html/markup.ts';
import { postingPath, shortTime } from './archive-paths.ts';
import { veilAddress } from './posting-text.ts';

/** Who wrote: the name that they gave, else the address, veiled. */
export function authorName({ authorName: name, authorAddress: address }: PostingLine): string {
  // A name is a stranger's text too, and often an address.
  return veilAddress(name?.trim() || address || 'somebody');
}

export function subjectOf({ subject }: Readonly<{ subject: string }>): string {
  return subject.trim() || '(no subject)';
}

export function time(at: Instant): Markup {
  return html`<time datetime="${formatInstant(at)}">${shortTime(at)}</time>`;
}

/** A list of postings, in the order given. */
export function postingLines(lines: readonly PostingLine[]): Markup {
  return html`<ol class="lines">${lines.map(
    (line) => html`<li>
<a href="${postingPath(line.list, line.id)}">${subjectOf(line)}</a>
<span class="faint">${authorName(line)} · ${time(line.postedAt)}${line.hasPatch ? ' · patch' : ''}</span></li>
`,
  )}</ol>`;
}

/** Threads lead to their first posting. */
export function threadLines(threads: readonly ThreadLine[], first: (thread: ThreadLine) => string): Markup {
  return html`<ol class="lines">${threads.map(
    (thread) => html`<li>
<a href="${first(thread)}">${subjectOf(thread)}</a>
<span class="faint">${thread.postings === 1 ? '1 posting' : `${thread.postings} postings`} · ${time(thread.lastAt)}</span></li>
`,
  )}</ol>`;
}
