import { html, type Markup } from '../../adapters/html/markup.ts';
import type { Mailbox } from './demo-mailboxes.ts';
import type { OpenedCopy } from './open-copy.ts';
import { readableMoment } from './readable-moment.ts';
import type { SinkMail } from './sink-store.ts';

export type MailboxRow = Readonly<{ mail: SinkMail; copy: OpenedCopy }>;

/** `older`: id of the last mail shown, when there are more. */
export function mailboxPage(
  mailbox: Mailbox,
  rows: readonly MailboxRow[],
  older: string | undefined,
): Markup {
  const base = `/mailbox/${encodeURIComponent(mailbox.address)}`;
  return html`<p><a href="/">All mailboxes</a></p>
<h1>${mailbox.name}</h1>
<p class="lead"><span class="mono">${mailbox.address}</span> · ${mailbox.role}</p>
${
  rows.length === 0
    ? html`<p>No mail yet.</p>`
    : html`<table class="stack"><thead><tr><th scope="col">Arrived (UTC)</th><th scope="col">Subject, opened</th><th scope="col">Outside</th><th scope="col">State</th></tr></thead>
<tbody>${rows.map(
        ({
          mail,
          copy,
        }) => html`<tr><td class="when">${readableMoment(mail.receivedAt.getTime())}</td><td><a href="${base}/${mail.id}">${copy.subject}</a></td><td class="faint" data-label="Outside">${copy.outerSubject}</td><td>${stateOf(copy)}</td></tr>
`,
      )}</tbody></table>`
}
${older === undefined ? '' : html`<p><a href="${base}?before=${older}">Older mails</a></p>`}`;
}

export function stateOf(copy: OpenedCopy): Markup {
  if (copy.trouble !== undefined) return html`<span class="badge bad">not opened</span>`;
  if (!copy.encrypted) return html`<span class="badge">in clear</span>`;
  return copy.signature?.good
    ? html`<span class="badge good">sealed, signature good</span>`
    : html`<span class="badge bad">sealed, signature not good</span>`;
}
