import { html } from 'hono/html';
import type { Markup } from '../html/page.ts';
import type { PublicList } from './public-record.ts';

export function fingerprintInGroups(fingerprint: string): string {
  return fingerprint.match(/.{1,4}/g)?.join(' ') ?? fingerprint;
}

export function listPage(list: PublicList): Markup {
  return html`<h1>${list.name}</h1>
<p class="lead">${list.title}</p>
${list.kind === 'private' ? privateList(list) : publicList(list)}`;
}

function privateList(list: PublicList): Markup {
  return html`<p>A private list. Members share flaws here that are not public yet; whoever finds one may write, without
being a member. Everything that is sent here is published in the end.</p>
<dl class="facts">
<dt>Address</dt><dd class="mono">${list.address}</dd>
${list.fingerprint ? html`<dt>Fingerprint</dt><dd class="mono">${fingerprintInGroups(list.fingerprint)}</dd>` : ''}
</dl>
${
  list.certificate
    ? html`<p><a href="/${list.name}/key.asc">Download the key</a>, or copy it:</p>
<pre>${list.certificate.trim()}</pre>`
    : html`<p>Its key is not here yet; look again in a moment.</p>`
}`;
}

function publicList(list: PublicList): Markup {
  return html`<p>A public list, for flaws that are already known. Do not send anything here that must stay secret: what
is posted cannot be taken back.</p>
<dl class="facts"><dt>Address</dt><dd class="mono">${list.address}</dd></dl>
<p class="faint">Postings are held for a moderator for now; the archive opens with one of the next releases.</p>`;
}
