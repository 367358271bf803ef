import { html, type Markup } from '../../adapters/html/markup.ts';
import type { Mailbox } from './demo-mailboxes.ts';
import { type MailboxRow, stateOf } from './mailbox-page.ts';
import { readableMoment } from './readable-moment.ts';

/** Armour of a large copy would make the page useless; the file has all of it. */
const longestShown = 60_000;

export function mailPage(mailbox: Mailbox, { mail, copy }: MailboxRow): Markup {
  const base = `/mailbox/${encodeURIComponent(mailbox.address)}`;
  const raw = mail.raw.toString('utf8').replaceAll('\r\n', '\n');
  return html`<p><a href="${base}">Mailbox of ${mailbox.name}</a></p>
<h1>${copy.subject}</h1>
<p>${stateOf(copy)} ${copy.signature ? html`<span class="${copy.signature.good ? 'good' : 'bad'}">${copy.signature.says}</span>` : ''}</p>
${copy.trouble === undefined ? opened(base, { mail, copy }) : html`<p class="bad">gpg could not open this copy: ${copy.trouble}</p>`}
<h2>As it arrived</h2>
<p class="faint">At ${readableMoment(mail.receivedAt.getTime())} UTC, ${mail.raw.length} bytes. All that anybody between the server and the reader can see.</p>
<p><a href="${base}/${mail.id}/mail.eml">Download the mail</a></p>
<details${copy.encrypted ? '' : html` open`}><summary>Show it here</summary>
<pre tabindex="0" aria-label="The mail as it arrived">${raw.slice(0, longestShown)}${raw.length > longestShown ? '\n… (the rest is in the file)' : ''}</pre></details>`;
}

function opened(base: string, { mail, copy }: MailboxRow): Markup {
  return html`<dl class="facts">${copy.fields.map(
    ({ name, value }) => html`<dt>${name}</dt><dd>${value}</dd>
`,
  )}</dl>
<pre class="text" tabindex="0" aria-label="Text">${copy.text.trimEnd()}</pre>
${
  copy.files.length === 0
    ? ''
    : html`<h2>Attachments</h2>
<ul>${copy.files.map(
        (
          file,
          index,
        ) => html`<li><a href="${base}/${mail.id}/part/${index + 1}">${file.name}</a> <span class="faint">${file.contentType}, ${file.bytes.length} bytes</span></li>
`,
      )}</ul>`
}`;
}
