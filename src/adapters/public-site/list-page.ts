import { html, type Markup } from '../html/markup.ts';
import type { PublicList } from './public-record.ts';

export function fingerprintInGroups(fingerprint: string): string {
  return fingerprint.match(/.{1,4}/g)?.join(' ') ?? fingerprint;
}

/** A private list's page; a public one has its archive instead. */
export function listPage(list: PublicList): Markup {
  return html`<h1>${list.name}</h1>
<p class="lead">${list.title}</p>
<p>A private list. Members share flaws here that are not public yet; whoever finds one may write, without
being a member. Everything that is sent here is published in the end.</p>
<dl class="facts">
<dt>Address</dt><dd class="mono">${list.address}</dd>
${list.fingerprint ? html`<dt>Fingerprint</dt><dd class="mono">${fingerprintInGroups(list.fingerprint)}</dd>` : ''}
</dl>
${
  list.certificate
    ? html`<p><a href="/${list.name}/key.asc">Download the key</a>, or copy it:</p>
<pre tabindex="0">${list.certificate.trim()}</pre>`
    : html`<p>Its key is not here yet; look again in a moment.</p>`
}`;
}
