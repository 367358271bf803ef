/**
 * The public pages: which lists there are, how to report, and the keys to encrypt to. Reads the public record only;
 * holds no key and takes no form. Promises stable addresses (docs/urls.md): `/`, `/NAME`, `/NAME/key.asc`, the archive's.
 */

import type { Hono } from 'hono';
import type { Instant } from '../../time/instant.ts';
import { html } from '../html/markup.ts';
import { renderPage } from '../html/page.ts';
import { answer, answerPage, startSite } from '../html/serve-pages.ts';
import { listPath } from './archive/archive-paths.ts';
import { addArchiveRoutes } from './archive/archive-routes.ts';
import type { Framed } from './archive/archive-site.ts';
import { homePage } from './home-page.ts';
import { listPage } from './list-page.ts';
import type { PublicRecord } from './public-record.ts';
import { securityText } from './security-text.ts';

export type PublicSite = Readonly<{
  domain: string;
  demo: boolean;
  /** Where people reach it, without a final slash. */
  url: string;
  record: PublicRecord;
  now: () => Instant;
  /** Readers see a plain page (I9); whoever runs the server is told. */
  onFault: (error: unknown) => void;
}>;

export function publicSite({ domain, demo, url, record, now, onFault }: PublicSite): Hono {
  const site = startSite();
  const frame = ({ path, title, main, list, asked = '' }: Framed) =>
    renderPage({
      title,
      site: domain,
      navigation: [
        { href: '/', text: 'Report', current: path === '/' },
        ...(list ? [{ href: listPath(list), text: list, current: path === listPath(list) && !asked }] : []),
      ],
      ...(demo ? { demo: 'Demo: an invented community on this machine. Nothing here reaches anybody.' } : {}),
      ...(list ? { search: { action: listPath(list), label: `Search ${list}`, asked } } : {}),
      keys: list !== undefined || path.startsWith('/cve/'),
      main,
      footer: html`<p>Run with embargod. All times are UTC.</p>`,
    });
  const listOf = async (asked: string) => (await record.lists()).find(({ name }) => name === asked);
  site.get('/', async (context) =>
    answerPage(
      context.req.raw,
      frame({ path: '/', title: domain, main: homePage(domain, url, await record.lists()) }),
    ),
  );
  site.get('/.well-known/security.txt', async (context) => {
    return answer(
      context.req.raw,
      securityText(await record.lists(), url, now()),
      'text/plain; charset=utf-8',
    );
  });
  site.get('/:name/key.asc', async (context) => {
    const list = await listOf(context.req.param('name'));
    // RFC 3156 §7
    if (list?.certificate) return answer(context.req.raw, list.certificate, 'application/pgp-keys');
    return context.notFound();
  });
  site.get('/:name', async (context) => {
    const list = await listOf(context.req.param('name'));
    if (list?.kind === 'public') return context.redirect(listPath(list.name), 301);
    if (list)
      return answerPage(
        context.req.raw,
        frame({ path: `/${list.name}`, title: list.name, main: listPage(list) }),
      );
    return context.notFound();
  });
  const publicList = async (name: string) => {
    const list = await listOf(name);
    return list?.kind === 'public' ? list : undefined;
  };
  addArchiveRoutes(site, { archive: record.archive, listOf: publicList, frame, url });
  site.notFound(async (context) => context.html(String(frame(notFound())), 404));
  site.onError(async (error, context) => {
    onFault(error);
    return context.html(String(frame(notNow())), 503);
  });
  return site;
}

function notFound(): Framed {
  return {
    path: '',
    title: 'Not found',
    main: html`<h1>Not found</h1>
<p>There is no such page. A posting may be in the archive of another list, or not have been sent to any.
<a href="/">All lists</a></p>`,
  };
}

function notNow(): Framed {
  return {
    path: '',
    title: 'Not now',
    main: html`<h1>Not now</h1><p>The page cannot be shown at the moment. Try again in a minute.</p>`,
  };
}
