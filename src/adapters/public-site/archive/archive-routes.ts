/**
 * The archive's pages and other ways out. Whatever is asked, the answer is a page, the JSON beside it, a feed or the raw
 * mail, each with an ETag; what is not there is not found. Addresses: archive-paths.ts, docs/urls.md.
 */
import type { Context, Hono } from 'hono';
import type { ArchiveReader } from '../../../publication/archive/archive-port.ts';
import type { Posting, PostingLine } from '../../../publication/archive/posting.ts';
import { readSearchQuery } from '../../../publication/archive/search-query.ts';
import { instantFromMilliseconds } from '../../../time/instant.ts';
import type { Markup } from '../../html/page.ts';
import { answer, answerPage } from '../../html/serve-pages.ts';
import type { PublicList } from '../public-record.ts';
import { archiveFront, cvePage, periodPage, searchPage } from './archive-page.ts';
import { datedPath, idOfPath, listPath, postingPath, readPlace } from './archive-paths.ts';
import { atomFeed } from './atom.ts';
import { attachment, rawMail, threadMailbox } from './downloads.ts';
import { messagePage, postingTitle } from './message-page.ts';
import { lineJson, postingJson, threadJson } from './posting-json.ts';
import { type ThreadShape, threadEntries, threadPage, threadPageSize } from './thread-page.ts';

export type ArchiveSite = Readonly<{
  archive: ArchiveReader;
  /** The public list of that name. */
  listOf: (name: string) => Promise<PublicList | undefined>;
  frame: (path: string, title: string, main: Markup) => Markup;
  url: string;
}>;

const pageSize = 50;
const feedSize = 25;

export function addArchiveRoutes(site: Hono, given: ArchiveSite): void {
  const { archive, listOf, frame, url } = given;
  const page = (context: Context, title: string, main: Markup) =>
    answerPage(context.req.raw, frame(context.req.path, title, main));
  const feed = async (context: Context, title: string, pagePath: string, lines: readonly PostingLine[]) => {
    const postings = await archive.postings(lines.map(({ number }) => number));
    const { pathname, search } = new URL(context.req.url);
    const changedAt = instantFromMilliseconds(0);
    const text = await atomFeed({ title, url, self: pathname + search, page: pagePath, changedAt, postings });
    return answer(context.req.raw, text, 'application/atom+xml; charset=utf-8');
  };
  const posted = async (context: Context): Promise<Posting | undefined> => {
    const id = idOfPath(context.req.param('id') ?? '');
    return id && archive.posting(context.req.param('list') ?? '', id);
  };

  site.get('/cve/:id/', async (context) => {
    const id = /^CVE-\d{4}-\d{4,19}$/.exec(context.req.param('id').toUpperCase())?.[0];
    if (!id) return context.notFound();
    const lines = await archive.mentions(id, 500);
    if (wantsJson(context)) return json(context, { cveId: id, postings: lines.map(lineJson) });
    return page(context, id, cvePage(id, lines));
  });

  site.get('/cve/:id/new.atom', async (context) => {
    const id = /^CVE-\d{4}-\d{4,19}$/.exec(context.req.param('id').toUpperCase())?.[0];
    if (!id) return context.notFound();
    const lines = (await archive.mentions(id, 500)).slice(-feedSize).toReversed();
    return feed(context, id, `/cve/${id}/`, lines);
  });

  site.get('/:list/new.atom', async (context) => {
    const list = await listOf(context.req.param('list'));
    if (!list) return context.notFound();
    const asked = context.req.query('q');
    if (asked === undefined)
      return feed(context, list.name, listPath(list.name), await archive.newest(list.name, feedSize));
    const found = await archive.search(list.name, readSearchQuery(asked), {
      limit: feedSize,
      order: 'newest',
      after: undefined,
    });
    return feed(context, `${list.name}: ${asked}`, listPath(list.name), found.postings);
  });

  site.get('/:list/', async (context) => {
    const list = await listOf(context.req.param('list'));
    if (!list) return context.notFound();
    const after = readPlace(context.req.query('after'));
    const asked = context.req.query('q')?.trim();
    if (asked) {
      const byRank = context.req.query('order') === 'rank';
      const found = await archive.search(list.name, readSearchQuery(asked), {
        limit: pageSize,
        order: byRank ? 'rank' : 'newest',
        after,
      });
      if (wantsJson(context)) return json(context, { postings: found.postings.map(lineJson) });
      return page(context, `${asked} · ${list.name}`, searchPage(list.name, { text: asked, byRank }, found));
    }
    const threads = await archive.threads(list.name, pageSize, after);
    const firsts = await archive.firsts(threads.map(({ number }) => number));
    const shown = threads.map((thread) => {
      const id = firsts.get(thread.number);
      return { thread, path: id ? postingPath(list.name, id) : listPath(list.name) };
    });
    if (wantsJson(context))
      return json(context, { threads: shown.map(({ thread, path }) => threadJson(thread, path)) });
    const last = threads.length === pageSize ? threads.at(-1) : undefined;
    const next = last && { at: last.lastAt, number: last.number };
    const front = archiveFront({ list, threads: shown, months: await archive.months(list.name), next });
    return page(context, list.name, front);
  });

  for (const path of [
    '/:list/:year{\\d{4}}/',
    '/:list/:year{\\d{4}}/:month{\\d\\d}/',
    '/:list/:year{\\d{4}}/:month{\\d\\d}/:day{\\d\\d}/',
  ])
    site.get(path, async (context) => {
      const {
        list: name = '',
        year = '',
        month,
        day,
      } = context.req.param() as Readonly<Record<string, string>>;
      const list = await listOf(name);
      const stretch = stretchOf(year, month, day);
      if (!list || !stretch) return context.notFound();
      const lines = await archive.within(
        list.name,
        stretch,
        pageSize * 4,
        readPlace(context.req.query('after')),
      );
      if (wantsJson(context)) return json(context, { postings: lines.map(lineJson) });
      const last = lines.length === pageSize * 4 ? lines.at(-1) : undefined;
      const title = [year, month, day].filter(Boolean).join('-');
      const period = {
        list: list.name,
        title: `${list.name}, ${title}`,
        path: datedPath(list.name, title),
        lines,
        next: last && { at: last.postedAt, number: last.number },
      };
      return page(context, period.title, periodPage(period));
    });

  site.get('/:list/:year{\\d{4}}/:month{\\d\\d}/:day{\\d\\d}/:number{\\d{1,6}}', async (context) => {
    const { list, year, month, day, number } = context.req.param();
    if (!stretchOf(year, month, day)) return context.notFound();
    const line = await archive.postingOfDay(list, `${year}-${month}-${day}`, Number(number));
    return line ? context.redirect(postingPath(line.list, line.id), 301) : context.notFound();
  });

  site.get('/:list/:id/', async (context) => {
    const posting = await posted(context);
    if (!posting) return context.notFound();
    if (wantsJson(context)) return json(context, postingJson(posting));
    return page(context, postingTitle(posting), messagePage(posting, await archive.thread(posting.thread)));
  });

  for (const [below, shape] of [
    ['T', 'flat'],
    ['t', 'nested'],
  ] as const)
    site.get(`/:list/:id/${below}/`, async (context) => {
      const asked = await posted(context);
      if (!asked) return context.notFound();
      const entries = threadEntries(await archive.thread(asked.thread), shape satisfies ThreadShape);
      const from = Math.max(
        0,
        Math.min(Number(/^\d{1,6}$/.exec(context.req.query('from') ?? '')?.[0] ?? 0), entries.length - 1),
      );
      const numbers = entries
        .slice(from, from + threadPageSize)
        .flatMap((entry) => (entry.kind === 'posting' ? [entry.posting.number] : []));
      const postings = await archive.postings(numbers);
      if (wantsJson(context)) return json(context, { postings: postings.map(postingJson) });
      return page(context, postingTitle(asked), threadPage({ asked, shape, entries, from, postings }));
    });

  site.get('/:list/:id/t.atom', async (context) => {
    const asked = await posted(context);
    if (!asked) return context.notFound();
    const lines = (await archive.thread(asked.thread)).slice(-feedSize).toReversed();
    return feed(context, postingTitle(asked), postingPath(asked.list, asked.id, 't/'), lines);
  });

  site.get('/:list/:id/t.mbox.gz', async (context) => {
    const asked = await posted(context);
    return asked ? threadMailbox(context.req.raw, asked, archive) : context.notFound();
  });

  site.get('/:list/:id/raw', async (context) => {
    const asked = await posted(context);
    const raw = asked && (await archive.raw(asked.number));
    return raw ? rawMail(context.req.raw, raw) : context.notFound();
  });

  site.get('/:list/:id/:part{\\d{1,4}-.*}', async (context) => {
    const asked = await posted(context);
    const raw = asked && (await archive.raw(asked.number));
    const found = raw && attachment(context.req.raw, raw, Number.parseInt(context.req.param('part'), 10));
    return found ?? context.notFound();
  });
}

function wantsJson(context: Context): boolean {
  // RFC 9110 §12.5.1: a browser names HTML first; who wants JSON says so alone or before it.
  const accept = context.req.header('accept') ?? '';
  const at = accept.indexOf('application/json');
  const html = accept.indexOf('text/html');
  return at >= 0 && (html < 0 || at < html);
}

function json(context: Context, value: unknown): Response {
  const response = answer(context.req.raw, `${JSON.stringify(value)}\n`, 'application/json');
  response.headers.set('vary', 'accept');
  return response;
}

function stretchOf(year = '', month?: string, day?: string) {
  const [y, m, d] = [Number(year), Number(month ?? 1), Number(day ?? 1)];
  const from = new Date(Date.UTC(y, m - 1, d));
  if (from.getUTCFullYear() !== y || from.getUTCMonth() !== m - 1 || from.getUTCDate() !== d)
    return undefined;
  const to = day ? Date.UTC(y, m - 1, d + 1) : month ? Date.UTC(y, m, 1) : Date.UTC(y + 1, 0, 1);
  return { from: instantFromMilliseconds(from.getTime()), to: instantFromMilliseconds(to) };
}
