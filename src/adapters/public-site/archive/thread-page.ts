import { arrangeThread, type ThreadEntry } from '../../../publication/archive/arrange-thread.ts';
import type { Posting, PostingLine } from '../../../publication/archive/posting.ts';
import { html, type Markup } from '../../html/markup.ts';
import { postingPath } from './archive-paths.ts';
import { depthClass, postingHead } from './message-page.ts';
import { postingBody } from './posting-body.ts';
import { authorName, bareSubject, subjectOf } from './posting-lines.ts';
import { trail } from './trail.ts';

/** Postings on one page of a thread: more than most threads have, and no page is larger than people read. */
export const threadPageSize = 30;

export type ThreadShape = 'flat' | 'nested';

type Entry = ThreadEntry<PostingLine>;

/** The thread in reading order: as it was posted, or each answer beneath what it answers. */
export function threadEntries(lines: readonly PostingLine[], shape: ThreadShape): readonly Entry[] {
  if (shape === 'nested') return arrangeThread(lines);
  return lines.map((posting) => ({ kind: 'posting', posting, depth: 0, parent: undefined }));
}

export type ThreadPage = Readonly<{
  /** Whose thread it is, as it was asked for. */
  asked: Posting;
  shape: ThreadShape;
  entries: readonly Entry[];
  /** The first entry of this page. */
  from: number;
  /** The postings of this page. */
  postings: readonly Posting[];
}>;

export function threadPage({ asked, shape, entries, from, postings }: ThreadPage): Markup {
  const shown = entries.slice(from, from + threadPageSize);
  const whole = new Map(postings.map((posting) => [posting.number, posting]));
  const path = (below: string) => postingPath(asked.list, asked.id, below);
  const postingsOf = entries.flatMap((entry) => (entry.kind === 'posting' ? [entry.posting] : []));
  const subject = subjectOf(postingsOf[0] ?? asked);
  const count = postingsOf.length === 1 ? '1 posting' : `${postingsOf.length} postings`;
  return html`${trail(asked.list, asked.day)}
<h1>${subject}</h1>
<nav class="ways" aria-label="This thread"><span>${count}</span> ${
    shape === 'flat'
      ? html`<span>flat</span> <a href="${path('t/')}">nested</a>`
      : html`<a href="${path('T/')}">flat</a> <span>nested</span>`
  } <a href="${path('t.mbox.gz')}">mbox</a> <a href="${path('t.atom')}">feed</a></nav>
${shown.map((entry) => threadEntry(entry, whole, { shape, subject }))}
${entries.length > threadPageSize ? threadSteps(path(shape === 'flat' ? 'T/' : 't/'), from, entries.length) : ''}`;
}

function threadSteps(path: string, from: number, all: number): Markup {
  const to = Math.min(all, from + threadPageSize);
  return html`<nav class="steps" aria-label="Pages of this thread">${
    from > 0
      ? html`<a rel="prev" href="${path}?from=${Math.max(0, from - threadPageSize)}">← earlier</a> `
      : ''
  }<span>${from + 1} to ${to} of ${all}</span>${
    to < all ? html` <a rel="next" href="${path}?from=${to}">later →</a>` : ''
  }</nav>`;
}

type Shown = Readonly<{ shape: ThreadShape; subject: string }>;

function threadEntry(
  entry: Entry,
  whole: ReadonlyMap<number, Posting>,
  { shape, subject }: Shown,
): Markup | '' {
  const depth = shape === 'nested' ? depthClass(entry.depth) : 'd0';
  if (entry.kind === 'missing')
    return html`<p class="faint ${depth}">A posting that is not in this archive.</p>`;
  const posting = whole.get(entry.posting.number);
  if (!posting) return '';
  // Most answers have the thread's subject: only another one is worth a line.
  const another = bareSubject(posting) !== bareSubject({ subject });
  return html`<article class="posting ${depth}" id="m${posting.number}">
<h2><a href="${postingPath(posting.list, posting.id)}"><bdi>${authorName(posting)}</bdi></a></h2>
${another ? html`<p class="subject">${subjectOf(posting)}</p>` : ''}
${postingHead(posting)}
${postingBody(posting)}
</article>
`;
}
