/** What every route of the archive is given, and the forms that it may answer in. */

import type { Context } from 'hono';
import type { ArchiveReader } from '../../../publication/archive/archive-port.ts';
import type { PostingLine } from '../../../publication/archive/posting.ts';
import { instantFromMilliseconds } from '../../../time/instant.ts';
import type { Markup } from '../../html/markup.ts';
import { answer, answerPage } from '../../html/serve-pages.ts';
import type { PublicList } from '../public-record.ts';
import { atomFeed } from './atom.ts';

/** A page of the archive, for the frame that all pages have. */
export type Framed = Readonly<{
  path: string;
  title: string;
  main: Markup;
  /** The list that it is of, and what is searched for in it. */
  list?: string | undefined;
  asked?: string | undefined;
}>;

export type ArchiveSite = Readonly<{
  archive: ArchiveReader;
  /** The public list of that name. */
  listOf: (name: string) => Promise<PublicList | undefined>;
  frame: (page: Framed) => Markup;
  /** Where people reach the site, without a final slash. */
  url: string;
}>;

/** Lines of a page, and entries of a feed. */
export const pageSize = 50;
export const feedSize = 25;

export function answerFrame({ frame }: ArchiveSite, context: Context, title: string, main: Markup): Response {
  const { path } = context.req;
  const [list, asked] = [context.req.param('list'), context.req.query('q')];
  return answerPage(context.req.raw, frame({ path, title, main, list, asked }), byAccept);
}

/** `page`: the path of the page that it is the feed of. */
export async function answerFeed(
  { archive, url }: ArchiveSite,
  context: Context,
  feed: Readonly<{ title: string; page: string; lines: readonly PostingLine[] }>,
): Promise<Response> {
  const { pathname, search } = new URL(context.req.url);
  const text = atomFeed({
    title: feed.title,
    url,
    self: pathname + search,
    page: feed.page,
    changedAt: instantFromMilliseconds(0),
    postings: await archive.postings(feed.lines),
  });
  return answer(context.req.raw, text, 'application/atom+xml; charset=utf-8');
}

export function wantsJson(context: Context): boolean {
  // RFC 9110 §12.5.1: a browser names HTML first; who wants JSON says so alone or before it.
  const accept = context.req.header('accept') ?? '';
  const at = accept.indexOf('application/json');
  const html = accept.indexOf('text/html');
  return at >= 0 && (html < 0 || at < html);
}

export function answerJson(context: Context, value: unknown): Response {
  return answer(context.req.raw, `${JSON.stringify(value)}\n`, 'application/json', byAccept);
}

/** RFC 9110 §12.5.5: whoever keeps an answer for others must know that JSON stands at the same address. */
const byAccept = { vary: 'accept' };
