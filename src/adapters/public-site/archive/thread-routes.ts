import type { Context, Hono } from 'hono';
import type { PostingInThread } from '../../../publication/archive/archive-port.ts';
import { postingPath } from './archive-paths.ts';
import {
  type ArchiveSite,
  answerFeed,
  answerFrame,
  answerJson,
  feedSize,
  wantsJson,
} from './archive-site.ts';
import { askedInThread, askedPosting } from './asked-posting.ts';
import { threadMailbox } from './downloads.ts';
import { postingTitle } from './message-page.ts';
import { postingJson } from './posting-json.ts';
import { type ThreadShape, threadEntries, threadPage, threadPageSize } from './thread-page.ts';

/** The thread of a posting: flat, nested, as a feed, as a mailbox file. */
export function addThreadRoutes(site: Hono, given: ArchiveSite): void {
  const { archive } = given;
  const shapes: Readonly<Record<string, ThreadShape>> = { T: 'flat', t: 'nested' };
  for (const [below, shape] of Object.entries(shapes))
    site.get(`/:list/:id/${below}/`, async (context) => {
      const asked = await askedInThread(archive, context);
      return asked ? answerThread(given, context, asked, shape) : context.notFound();
    });
  site.get('/:list/:id/t.atom', async (context) => {
    const asked = await askedInThread(archive, context);
    if (!asked) return context.notFound();
    const { posting, thread } = asked;
    const page = postingPath(posting.list, posting.id, 't/');
    const lines = thread.slice(-feedSize).toReversed();
    return answerFeed(given, context, { title: postingTitle(posting), page, lines });
  });
  site.get('/:list/:id/t.mbox.gz', async (context) => {
    const asked = await askedPosting(archive, context);
    return asked ? threadMailbox(context.req.raw, asked, archive) : context.notFound();
  });
}

async function answerThread(
  given: ArchiveSite,
  context: Context,
  { posting: asked, thread }: PostingInThread,
  shape: ThreadShape,
): Promise<Response> {
  const { archive } = given;
  const entries = threadEntries(thread, shape);
  const from = Math.max(0, Math.min(readNumber(context.req.query('from')), entries.length - 1));
  const shown = entries.slice(from, from + threadPageSize);
  const postings = await archive.postings(
    shown.flatMap((entry) => (entry.kind === 'posting' ? [entry.posting] : [])),
  );
  if (wantsJson(context)) return answerJson(context, { postings: postings.map(postingJson) });
  const page = threadPage({ asked, shape, entries, from, postings });
  return answerFrame(given, context, postingTitle(asked), page);
}

function readNumber(text = ''): number {
  return /^\d{1,6}$/.test(text) ? Number(text) : 0;
}
