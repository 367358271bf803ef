import { html, type Markup } from '../../adapters/html/markup.ts';
import { demoMailboxes } from './demo-mailboxes.ts';
import { readableMoment } from './readable-moment.ts';

type Filled = Readonly<{ address: string; ids: readonly string[] }>;

export function mailboxesPage(filled: readonly Filled[]): Markup {
  const ids = new Map(filled.map((mailbox) => [mailbox.address, mailbox.ids]));
  const strangers = filled
    .filter(({ address }) => !demoMailboxes.some((mailbox) => mailbox.address === address))
    .map(({ address }) => ({ address, name: '', role: 'Outside the demo' }));
  const total = filled.reduce((sum, mailbox) => sum + mailbox.ids.length, 0);
  return html`<h1>Demo mailboxes</h1>
<p class="lead">${total === 0 ? html`No mail yet. Send a report with <code>bin/embargod demo report</code>, then reload this page.` : `${total} mails have gone out so far; each reader’s own copy lies in their mailbox.`}</p>
<table class="stack"><thead><tr><th scope="col">Who</th><th scope="col">For</th><th scope="col">Address</th><th scope="col" class="number">Mails</th><th scope="col">Latest (UTC)</th></tr></thead>
<tbody>${[...demoMailboxes, ...strangers].map((mailbox) => {
    const mails = ids.get(mailbox.address) ?? [];
    return html`<tr><td><a href="/mailbox/${encodeURIComponent(mailbox.address)}">${mailbox.name || mailbox.address}</a></td><td>${mailbox.role}</td><td class="mono">${mailbox.address}</td><td class="number" data-label="Mails">${mails.length}</td><td class="when">${latest(mails)}</td></tr>
`;
  })}</tbody></table>`;
}

function latest(ids: readonly string[]): string {
  const milliseconds = Number(ids[0]?.slice(0, 13));
  return Number.isNaN(milliseconds) ? '–' : readableMoment(milliseconds);
}
