import type { Month, Place, SearchResult } from '../../../publication/archive/archive-port.ts';
import type { PostingLine } from '../../../publication/archive/posting.ts';
import { html, type Markup } from '../../html/markup.ts';
import type { PublicList } from '../public-record.ts';
import { listPath, placeText } from './archive-paths.ts';
import { postingLines, type ShownThread, threadLines } from './posting-lines.ts';

export type ArchiveFront = Readonly<{
  list: PublicList;
  threads: readonly ShownThread[];
  months: readonly Month[];
  next: Place | undefined;
}>;

/** The front of a list's archive: the last active threads, the months, how to post. */
export function archiveFront({ list, threads, months, next }: ArchiveFront): Markup {
  const path = listPath(list.name);
  return html`<h1>${list.name}</h1>
<p class="lead">${list.title}. <a href="#posting">Posting here</a> · <a href="${path}new.atom">feed</a></p>
${
  threads.length === 0
    ? html`<p>Nothing has been posted yet.</p>`
    : html`<h2>Threads, the last active first</h2>
${threadLines(threads)}
${onwards(path, next, 'older')}`
}
${monthLinks(list.name, months)}
<h2 id="posting">Posting here</h2>
<p>Write to <span class="mono">${list.address}</span>. A public list, for flaws that are already known: what is posted
cannot be taken back.</p>`;
}

function monthLinks(list: string, months: readonly Month[]): Markup | '' {
  if (months.length === 0) return '';
  const years = Map.groupBy(months, ({ month }) => month.slice(0, 4));
  return html`<h2>Postings by month</h2>
<dl class="months">${[...years].map(
    ([year, of]) => html`<dt><a href="/${list}/${year}/">${year}</a></dt><dd>${of
      .toReversed()
      .map(
        ({ month, postings }) =>
          html`<a class="m${month.slice(5)}" href="/${list}/${month.replace('-', '/')}/"><b>${month.slice(5)}</b> ${postings}</a> `,
      )}</dd>
`,
  )}</dl>`;
}

/** Where an order goes on, if it does. */
export function onwards(path: string, next: Place | undefined, word: string, more = ''): Markup | '' {
  if (!next) return '';
  return html`<nav class="steps" aria-label="Pages"><a rel="next" href="${path}?${more}after=${placeText(next)}">${word} →</a></nav>`;
}

export function searchPage(
  list: string,
  asked: Readonly<{ text: string; byRank: boolean }>,
  { postings, next }: SearchResult,
): Markup {
  const query = `q=${encodeURIComponent(asked.text)}&`;
  const path = listPath(list);
  return html`<h1>${asked.text}</h1>
<p class="byline">${found(postings.length, next)} in <a href="${path}">${list}</a> · ${
    asked.byRank
      ? html`best fit first · <a href="${path}?${query}">newest first</a>`
      : html`newest first · <a href="${path}?${query}order=rank">best fit first</a>`
  } · <a href="${path}new.atom?${query}">feed</a></p>
${postings.length === 0 ? nothingFound() : postingLines(postings)}
${onwards(path, next, 'older', query)}`;
}

function found(count: number, next: Place | undefined): string {
  if (next) return `${count} postings and more`;
  return count === 1 ? '1 posting' : `${count === 0 ? 'No' : count} postings`;
}

function nothingFound(): Markup {
  return html`<p>Nothing was found. A search wants all of its words, as they are written.</p>
<dl class="facts">
<dt><code>skb_*</code></dt><dd>words that begin so</dd>
<dt><code>"use after free"</code></dt><dd>words side by side</dd>
<dt><code>-debian</code></dt><dd>not this word</dd>
<dt><code>from:alice</code></dt><dd>by its author; <code>subject:tcp</code> by its subject</dd>
<dt><code>cve:2026-1234</code></dt><dd>that name this id</dd>
<dt><code>month:2026-08</code></dt><dd>of this month; <code>after:2026-08-24</code>, <code>before:2026</code></dd>
<dt><code>has:patch</code></dt><dd>with a patch; <code>has:attachment</code></dd>
</dl>`;
}

export type LinesPage = Readonly<{
  /** Stands above the title. */
  above: Markup;
  title: string;
  lines: readonly PostingLine[];
  /** Stands beneath the lines. */
  below: Markup | '';
  empty: string;
}>;

/** A year, a month, a day or an author: postings in order. */
export function linesPage({ above, title, lines, below, empty }: LinesPage): Markup {
  return html`${above}
<h1>${title}</h1>
${lines.length === 0 ? html`<p>${empty}</p>` : postingLines(lines)}
${below}`;
}

export function cvePage(id: string, lines: readonly PostingLine[]): Markup {
  const [first] = lines;
  const elsewhere = html`<a href="https://www.cve.org/CVERecord?id=${id}" rel="noreferrer">its record at cve.org</a>`;
  return html`<h1>${id}</h1>
${
  first
    ? html`<p class="lead">First seen here ${first.day}, in ${lines.length === 1 ? '1 posting' : `${lines.length} postings`}, the earliest first.</p>
${postingLines(lines)}
<p>Elsewhere: ${elsewhere} · <a href="/cve/${id}/new.atom">feed</a></p>`
    : html`<p>No posting here names it. Elsewhere: ${elsewhere}</p>`
}`;
}
