import type { Context, Hono } from 'hono';
import { readSearchQuery } from '../../../publication/archive/search-query.ts';
import type { PublicList } from '../public-record.ts';
import { archiveFront, searchPage } from './archive-page.ts';
import { listPath, placeText, postingPath, readPlace } from './archive-paths.ts';
import {
  type ArchiveSite,
  answerFeed,
  answerFrame,
  answerJson,
  feedSize,
  pageSize,
  wantsJson,
} from './archive-site.ts';
import { lineJson, threadJson } from './posting-json.ts';
import { authorName } from './posting-lines.ts';

/** The front of a list, its search, and the feed of either. */
export function addListRoutes(site: Hono, given: ArchiveSite): void {
  const { archive, listOf } = given;
  site.get('/:list/', async (context) => {
    const list = await listOf(context.req.param('list'));
    if (!list) return context.notFound();
    const text = context.req.query('q')?.trim();
    return text ? answerSearch(given, context, list, text) : answerFront(given, context, list);
  });
  site.get('/:list/new.atom', async (context) => {
    const list = await listOf(context.req.param('list'));
    if (!list) return context.notFound();
    const { name } = list;
    const text = context.req.query('q');
    const page = listPath(name);
    if (text === undefined)
      return answerFeed(given, context, { title: name, page, lines: await archive.newest(name, feedSize) });
    const asked = { limit: feedSize, order: 'newest', after: undefined } as const;
    const { postings } = await archive.search(name, readSearchQuery(text), asked);
    return answerFeed(given, context, { title: `${name}: ${text}`, page, lines: postings });
  });
}

async function answerSearch(
  given: ArchiveSite,
  context: Context,
  { name }: PublicList,
  text: string,
): Promise<Response> {
  const byRank = context.req.query('order') === 'rank';
  const found = await given.archive.search(name, readSearchQuery(text), {
    limit: pageSize,
    order: byRank ? 'rank' : 'newest',
    after: readPlace(context.req.query('after')),
  });
  const next = found.next && `${listPath(name)}?q=${encodeURIComponent(text)}&after=${placeText(found.next)}`;
  if (wantsJson(context))
    return answerJson(context, { postings: found.postings.map(lineJson), next: next ?? null });
  return answerFrame(given, context, `${text} · ${name}`, searchPage(name, { text, byRank }, found));
}

async function answerFront(given: ArchiveSite, context: Context, list: PublicList): Promise<Response> {
  const { archive } = given;
  const threads = await archive.threads(list.name, pageSize, readPlace(context.req.query('after')));
  const shown = threads.map((thread) => ({
    thread,
    path: postingPath(list.name, thread.first),
    by: authorName(thread),
  }));
  const last = threads.length === pageSize ? threads.at(-1) : undefined;
  const next = last && { at: last.lastAt, number: last.number };
  if (wantsJson(context))
    return answerJson(context, {
      threads: shown.map(({ thread, path }) => threadJson(thread, path)),
      next: next ? `${listPath(list.name)}?after=${placeText(next)}` : null,
    });
  const front = archiveFront({ list, threads: shown, months: await archive.months(list.name), next });
  return answerFrame(given, context, list.name, front);
}
