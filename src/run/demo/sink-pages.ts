/** The mailboxes of a demo as pages: each copy opened with the demo keyring, and as it arrived. */

import type { Hono } from 'hono';
import { html, type Markup } from '../../adapters/html/markup.ts';
import { renderPage } from '../../adapters/html/page.ts';
import { answer, answerPage, startSite } from '../../adapters/html/serve-pages.ts';
import { demoMailboxes, type Mailbox } from './demo-mailboxes.ts';
import { mailPage } from './mail-page.ts';
import { type MailboxRow, mailboxPage } from './mailbox-page.ts';
import { mailboxesPage } from './mailboxes-page.ts';
import type { OpenedCopy } from './open-copy.ts';
import type { SinkStore } from './sink-store.ts';

/** A page of a mailbox opens this many mails with gpg; older ones are behind a link. */
export const mailsPerPage = 25;

/** Opened copies that are kept, as gpg takes some 30 ms for each. */
const mostRemembered = 500;

export type SinkSite = Readonly<{
  store: SinkStore;
  open: (raw: Uint8Array) => Promise<OpenedCopy>;
  publicSite: string;
}>;

export function sinkSite({ store, open, publicSite }: SinkSite): Hono {
  const site = startSite();
  const openOnce = remembering(open);
  const frame = (path: string, title: string, main: Markup) =>
    renderPage({
      title,
      site: 'Demo mailboxes',
      navigation: [
        { href: '/', text: 'Everybody', current: path === '/' },
        { href: publicSite, text: 'Public site', current: false },
      ],
      demo: 'Demo: invented people, keys without passphrase. No mail leaves this machine.',
      main,
      footer: html`<p>What the demo’s outgoing mail became. In production there is no such page: every reader has their own key.</p>`,
    });
  const known = (address: string): Mailbox =>
    demoMailboxes.find((mailbox) => mailbox.address === address) ?? {
      address,
      name: address,
      role: 'Outside the demo',
    };
  const readRow = async (address: string, id: string): Promise<MailboxRow | undefined> => {
    const mail = await store.read(address, id);
    return mail && { mail, copy: await openOnce(`${address}/${id}`, mail.raw) };
  };
  site.get('/', async (context) =>
    answerPage(context.req.raw, frame('/', 'Demo mailboxes', mailboxesPage(await store.mailboxes()))),
  );
  site.get('/mailbox/:address', async (context) => {
    const mailbox = known(context.req.param('address'));
    const ids = await store.list(mailbox.address);
    const before = context.req.query('before');
    const from = before === undefined ? ids : ids.filter((id) => id < before);
    const rows = await Promise.all(from.slice(0, mailsPerPage).map((id) => readRow(mailbox.address, id)));
    const older = from.length > mailsPerPage ? from[mailsPerPage - 1] : undefined;
    const main = mailboxPage(
      mailbox,
      rows.filter((row) => row !== undefined),
      older,
    );
    return answerPage(context.req.raw, frame('', mailbox.name, main));
  });
  site.get('/mailbox/:address/:id', async (context) => {
    const mailbox = known(context.req.param('address'));
    const row = await readRow(mailbox.address, context.req.param('id'));
    return row
      ? answerPage(context.req.raw, frame('', row.copy.subject, mailPage(mailbox, row)))
      : context.notFound();
  });
  site.get('/mailbox/:address/:id/mail.eml', async (context) => {
    const mail = await store.read(context.req.param('address'), context.req.param('id'));
    return mail ? download(context.req.raw, new Uint8Array(mail.raw), 'mail.eml') : context.notFound();
  });
  site.get('/mailbox/:address/:id/part/:number', async (context) => {
    const row = await readRow(context.req.param('address'), context.req.param('id'));
    const file = row?.copy.files[Number(context.req.param('number')) - 1];
    return file ? download(context.req.raw, new Uint8Array(file.bytes), file.name) : context.notFound();
  });
  site.notFound((context) =>
    context.html(
      String(frame('', 'Not found', html`<h1>Not found</h1><p><a href="/">All mailboxes</a></p>`)),
      404,
    ),
  );
  return site;
}

/** Always as a download of no type: a report's attachment is hostile, and never shown by the browser. */
function download(request: Request, bytes: Uint8Array<ArrayBuffer>, name: string): Response {
  const response = answer(request, bytes, 'application/octet-stream');
  response.headers.set('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`);
  return response;
}

function remembering(open: (raw: Uint8Array) => Promise<OpenedCopy>) {
  const remembered = new Map<string, Promise<OpenedCopy>>();
  return (key: string, raw: Uint8Array): Promise<OpenedCopy> => {
    const known = remembered.get(key);
    if (known) return known;
    const opened = open(raw).then((copy) => {
      // What failed may work later, when the list's key is in the keyring.
      if (copy.trouble !== undefined || copy.signature?.good === false) remembered.delete(key);
      return copy;
    });
    remembered.set(key, opened);
    opened.catch(() => remembered.delete(key));
    const oldest = remembered.keys().next().value;
    if (remembered.size > mostRemembered && oldest !== undefined) remembered.delete(oldest);
    return opened;
  };
}
