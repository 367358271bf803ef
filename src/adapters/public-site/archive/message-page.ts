import { arrangeThread, type ThreadEntry } from '../../../publication/archive/arrange-thread.ts';
import type { Posting, PostingLine } from '../../../publication/archive/posting.ts';
import { html, type Markup } from '../../html/markup.ts';
import { datedPath, postingPath } from './archive-paths.ts';
import { postingBody } from './posting-body.ts';
import { authorName, bareSubject, subjectOf, time } from './posting-lines.ts';
import { veilAddress } from './posting-text.ts';
import { trail } from './trail.ts';

/** What is shown of the thread beneath a posting, before and after it: a page is for one posting. */
const outlineReach = 15;

export function messagePage(posting: Posting, thread: readonly PostingLine[], whole: boolean): Markup {
  const entries = arrangeThread(thread);
  const at = entries.findIndex(
    (entry) => entry.kind === 'posting' && entry.posting.number === posting.number,
  );
  return html`${trail(posting.list, posting.day)}
<article class="posting">
<h1>${subjectOf(posting)}</h1>
${postingFacts(posting, answered(entries, at))}
${ways(posting, thread.length)}
${postingBody(posting, whole)}
</article>
${steps(entries, at)}
${thread.length > 1 ? outline(posting, entries, at) : ''}`;
}

/** What it answers, if the archive has it. */
function answered(entries: readonly Entry[], at: number): PostingLine | undefined {
  const here = entries[at];
  const parent = here?.kind === 'posting' ? here.parent : undefined;
  const found = parent && entries.find((entry) => entry.kind === 'posting' && entry.posting.id === parent);
  return found?.kind === 'posting' ? found.posting : undefined;
}

function postingFacts(posting: Posting, parent: PostingLine | undefined): Markup {
  const { list, id, day, dayNumber, authorAddress } = posting;
  const name = authorName(posting);
  const address = veilAddress(authorAddress ?? '');
  return html`<dl class="facts">
<dt>From</dt><dd>${
    authorAddress
      ? html`<a class="by" rel="nofollow" href="${postingPath(list, id, 'author/')}">${name}</a>`
      : html`<span class="by">${name}</span>`
  }${address && address !== name ? html` <span class="faint mono">${address}</span>` : ''}</dd>
<dt>Date</dt><dd>${time(posting.postedAt)} UTC · <a href="${datedPath(list, day, dayNumber)}">#${dayNumber} of the day</a></dd>
${
  parent
    ? html`<dt>Answers</dt><dd><a href="${postingPath(list, parent.id)}"><bdi>${authorName(parent)}</bdi></a>, ${time(parent.postedAt)}</dd>
`
    : ''
}<dt>Message-ID</dt><dd class="mono">${id.slice(1, -1)}</dd>
</dl>`;
}

function ways(posting: Posting, count: number): Markup {
  const { list, id } = posting;
  return html`<nav class="ways" aria-label="This posting">${
    count > 1
      ? html`<a rel="up" href="${postingPath(list, id, 'T/')}">thread (${count})</a>
<a href="${postingPath(list, id, 't/')}">nested</a> `
      : ''
  }<a href="${postingPath(list, id, 'raw')}">raw</a> <a href="${replyTo(posting)}">reply</a></nav>`;
}

/** Of one posting among others. */
export function postingHead(posting: Posting): Markup {
  const { list, id, day, dayNumber } = posting;
  return html`<p class="byline">${time(posting.postedAt)} ·
<a href="${datedPath(list, day, dayNumber)}">#${dayNumber} of the day</a> · <a href="${postingPath(list, id, 'raw')}">raw</a> ·
<a href="${replyTo(posting)}">reply</a></p>`;
}

/** RFC 6068 §2: a mail program that follows it answers in the thread. */
function replyTo({ id, subject }: Posting): string {
  const about = /^re:/i.test(subject) ? subject : `Re: ${subject}`;
  return `mailto:?In-Reply-To=${encodeURIComponent(id)}&Subject=${encodeURIComponent(about)}`;
}

type Entry = ThreadEntry<PostingLine>;

function steps(entries: readonly Entry[], at: number): Markup | '' {
  const before = entries.slice(0, at).findLast(({ kind }) => kind === 'posting');
  const after = entries.slice(at + 1).find(({ kind }) => kind === 'posting');
  if (!before && !after) return '';
  const step = (entry: Entry | undefined, rel: string, text: string) =>
    entry?.kind === 'posting'
      ? html`<a rel="${rel}" href="${postingPath(entry.posting.list, entry.posting.id)}">${text}</a> `
      : '';
  return html`<nav class="steps" aria-label="In this thread">${step(before, 'prev', '← previous')}${step(after, 'next', 'next →')}</nav>`;
}

function outline(posting: Posting, entries: readonly Entry[], at: number): Markup {
  const from = Math.max(0, at - outlineReach);
  const near = entries.slice(from, at + outlineReach + 1);
  const rest = entries.length - near.length;
  return html`<section class="outline" aria-label="Thread"><h2>Thread</h2>
<ol class="tree">${near.map((entry, place) => outlineLine(entry, near[place - 1], posting))}</ol>
${rest > 0 ? html`<p><a href="${postingPath(posting.list, posting.id, 't/')}">${rest} more in this thread</a></p>` : ''}
</section>`;
}

/** Deeper ones stand where the last level does: a phone has no room for thirty. */
const deepest = 8;

export function depthClass(depth: number): string {
  return `d${Math.min(depth, deepest)}`;
}

/** The author, and the subject where it is not that of the line above: a series of patches is told by its subjects. */
function outlineLine(entry: Entry, above: Entry | undefined, current: PostingLine): Markup {
  if (entry.kind === 'missing')
    return html`<li class="${depthClass(entry.depth)} faint">a posting that is not in this archive</li>
`;
  const { posting } = entry;
  const same = above?.kind === 'posting' && bareSubject(above.posting) === bareSubject(posting);
  const here = posting.number === current.number;
  return html`<li class="${depthClass(entry.depth)}"><a href="${postingPath(posting.list, posting.id)}"${
    here ? html` aria-current="true"` : ''
  }><bdi>${authorName(posting)}</bdi></a>${same ? '' : html` <bdi>${bareSubject(posting)}</bdi>`} <span class="faint">${time(posting.postedAt)}</span></li>
`;
}

export function postingTitle(posting: Posting): string {
  return subjectOf(posting);
}
