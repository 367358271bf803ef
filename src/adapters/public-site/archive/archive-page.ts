import type { Month, Place, SearchResult } from '../../../publication/archive/archive-port.ts';
import type { PostingLine, ThreadLine } from '../../../publication/archive/posting.ts';
import { html, type Markup } from '../../html/markup.ts';
import type { PublicList } from '../public-record.ts';
import { listPath, placeText } from './archive-paths.ts';
import { postingLines, threadLines } from './posting-lines.ts';

export type ArchiveFront = Readonly<{
  list: PublicList;
  threads: readonly Readonly<{ thread: ThreadLine; path: string }>[];
  months: readonly Month[];
  next: Place | undefined;
}>;

/** The front of a list's archive: how to post, a search, the last active threads, the months. */
export function archiveFront({ list, threads, months, next }: ArchiveFront): Markup {
  const paths = new Map(threads.map(({ thread, path }) => [thread.number, path]));
  return html`<h1>${list.name}</h1>
<p class="lead">${list.title}</p>
${searchForm(list.name, '')}
${
  threads.length === 0
    ? html`<p>Nothing has been posted yet.</p>`
    : html`<h2>Threads, the last active first</h2>
${threadLines(
  threads.map(({ thread }) => thread),
  ({ number }) => paths.get(number) ?? listPath(list.name),
)}
${olderLink(listPath(list.name), next)}`
}
${monthLinks(list.name, months)}
<h2>Posting here</h2>
<p>Write to <span class="mono">${list.address}</span>. A public list, for flaws that are already known: what is posted
cannot be taken back.</p>`;
}

export function searchForm(list: string, asked: string): Markup {
  return html`<form class="search" role="search" action="${listPath(list)}" method="get">
<label for="q">Search ${list}</label>
<input id="q" name="q" type="search" value="${asked}" maxlength="500" autocomplete="off" spellcheck="false">
<button type="submit">Search</button>
</form>`;
}

function monthLinks(list: string, months: readonly Month[]): Markup | '' {
  if (months.length === 0) return '';
  const years = Map.groupBy(months, ({ month }) => month.slice(0, 4));
  return html`<h2>By month</h2>
<table class="months"><tbody>${[...years].map(
    ([year, of]) => html`<tr><th scope="row"><a href="/${list}/${year}/">${year}</a></th><td>${of
      .toReversed()
      .map(
        ({ month, postings }) =>
          html`<a href="/${list}/${month.replace('-', '/')}/" title="${postings} postings">${month.slice(5)}</a> `,
      )}</td></tr>
`,
  )}</tbody></table>`;
}

/** Where an order goes on, if it does. */
export function olderLink(path: string, next: Place | undefined, more = ''): Markup | '' {
  if (!next) return '';
  return html`<nav class="steps" aria-label="Pages"><a rel="next" href="${path}?${more}after=${placeText(next)}">older →</a></nav>`;
}

export function searchPage(
  list: string,
  asked: Readonly<{ text: string; byRank: boolean }>,
  { postings, next }: SearchResult,
): Markup {
  const query = `q=${encodeURIComponent(asked.text)}&`;
  const path = listPath(list);
  return html`<h1>Search ${list}</h1>
${searchForm(list, asked.text)}
<p class="byline">${
    asked.byRank
      ? html`best fit first · <a href="${path}?${query}">newest first</a>`
      : html`newest first · <a href="${path}?${query}order=rank">best fit first</a>`
  } · <a href="${path}new.atom?${query}">feed</a></p>
${
  postings.length === 0
    ? html`<p>Nothing found. Words are looked for as they are written; <code>skb_*</code> finds what begins so,
<code>"use after free"</code> words side by side, <code>from:</code>, <code>subject:</code>, <code>cve:</code>,
<code>after:2026-08</code>, <code>before:</code>, <code>has:patch</code> narrow it.</p>`
    : postingLines(postings)
}
${olderLink(path, next, query)}`;
}

export type Period = Readonly<{
  list: string;
  title: string;
  path: string;
  lines: readonly PostingLine[];
  next: Place | undefined;
}>;

/** A year, a month, a day or an author: postings in order. */
export function periodPage({ list, title, path, lines, next }: Period): Markup {
  return html`<h1>${title}</h1>
<p class="byline"><a href="${listPath(list)}">${list}</a></p>
${lines.length === 0 ? html`<p>Nothing was posted then.</p>` : postingLines(lines)}
${
  next
    ? html`<nav class="steps" aria-label="Pages"><a rel="next" href="${path}?after=${placeText(next)}">more →</a></nav>`
    : ''
}`;
}

export function cvePage(id: string, lines: readonly PostingLine[]): Markup {
  const [first] = lines;
  return html`<h1>${id}</h1>
${
  first
    ? html`<p class="lead">First seen here ${first.day}, in ${lines.length === 1 ? '1 posting' : `${lines.length} postings`}.</p>
${postingLines(lines)}`
    : html`<p>No posting here names it.</p>`
}`;
}
