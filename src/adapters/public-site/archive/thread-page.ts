import { arrangeThread, type ThreadEntry } from '../../../publication/archive/arrange-thread.ts';
import type { Posting, PostingLine } from '../../../publication/archive/posting.ts';
import { html, type Markup } from '../../html/markup.ts';
import { postingPath } from './archive-paths.ts';
import { depthClass, postingBody, postingHead } from './message-page.ts';
import { subjectOf } from './posting-lines.ts';

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
  const path = (to: ThreadShape) => postingPath(asked.list, asked.id, to === 'flat' ? 'T/' : 't/');
  const count = entries.filter(({ kind }) => kind === 'posting').length;
  const other = shape === 'flat' ? 'nested' : 'flat';
  return html`<h1>${subjectOf(asked)}</h1>
<p class="byline">${count === 1 ? '1 posting' : `${count} postings`} · <a href="${path(other)}">${other}</a> ·
<a href="${postingPath(asked.list, asked.id, 't.mbox.gz')}">mbox</a> ·
<a href="${postingPath(asked.list, asked.id, 't.atom')}">feed</a></p>
${shown.map((entry) => threadEntry(entry, whole, shape))}
<nav class="steps" aria-label="Pages of this thread">${
    from > 0
      ? html`<a rel="prev" href="${path(shape)}?from=${Math.max(0, from - threadPageSize)}">← earlier</a> `
      : ''
  }${
    from + threadPageSize < entries.length
      ? html`<a rel="next" href="${path(shape)}?from=${from + threadPageSize}">later →</a>`
      : ''
  }</nav>`;
}

function threadEntry(entry: Entry, whole: ReadonlyMap<number, Posting>, shape: ThreadShape): Markup | '' {
  const depth = shape === 'nested' ? depthClass(entry.depth) : 'd0';
  if (entry.kind === 'missing')
    return html`<p class="faint ${depth}">A posting that is not in this archive.</p>`;
  const posting = whole.get(entry.posting.number);
  if (!posting) return '';
  return html`<article class="posting ${depth}" id="m${posting.number}">
<h2><a href="${postingPath(posting.list, posting.id)}">${subjectOf(posting)}</a></h2>
${postingHead(posting)}
${postingBody(posting)}
</article>
`;
}
