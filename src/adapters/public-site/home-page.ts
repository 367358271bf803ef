import { html, type Markup } from '../html/markup.ts';
import { fingerprintInGroups } from './list-page.ts';
import type { PublicList } from './public-record.ts';

/** Names every list, and says in three lines how to report. */
export function homePage(domain: string, url: string, lists: readonly PublicList[]): Markup {
  const hidden = lists.filter((list) => list.kind === 'private');
  const open = lists.filter((list) => list.kind === 'public');
  return html`<h1>Reporting a vulnerability</h1>
<p class="lead">Flaws in open source software that are not public yet are shared here in confidence, fixed together by
the distributions, and published on an agreed day.</p>
${hidden.length === 0 ? html`<p>No private list has been set up on ${domain} yet.</p>` : howToReport(hidden, url)}
${section('Private lists', hidden)}
${section('Public lists', open)}`;
}

function howToReport(lists: readonly PublicList[], url: string): Markup {
  const first = lists[0];
  return html`<ol>
<li>Choose the list: exactly one, the narrowest that fits.</li>
<li>Encrypt your mail to the list's key below. Start its subject with <code>[vs]</code>, and propose a date and a time,
with time zone, at which the flaw becomes public: at most 14 days away, better less than 7.</li>
<li>Send it to the list's address. You need not be a member. A receipt with a case number follows within seconds if your
mail can be told to be yours.</li>
</ol>
${
  first
    ? html`<pre tabindex="0" aria-label="The same with GnuPG">curl -O ${`${url}/${first.name}/key.asc`} && gpg --import key.asc
gpg --armor --sign --encrypt --recipient ${first.address} report.txt</pre>`
    : ''
}`;
}

function section(title: string, lists: readonly PublicList[]): Markup | '' {
  if (lists.length === 0) return '';
  return html`<h2>${title}</h2>
<ul class="cards">${lists.map(
    (
      list,
    ) => html`<li class="card"><h3><a href="/${list.name}${list.kind === 'public' ? '/' : ''}">${list.name}</a></h3>
<p>${list.title}</p>
<p class="mono">${list.address}</p>
${
  list.fingerprint
    ? html`<p class="faint mono">${fingerprintInGroups(list.fingerprint)}</p>
<p><a href="/${list.name}/key.asc">Download the key</a></p>`
    : ''
}</li>
`,
  )}</ul>`;
}
