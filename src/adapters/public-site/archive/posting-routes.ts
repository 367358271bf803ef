import type { Hono } from 'hono';
import { type ArchiveSite, answerFrame, answerJson, wantsJson } from './archive-site.ts';
import { askedPosting } from './asked-posting.ts';
import { attachment, rawMail } from './downloads.ts';
import { messagePage, postingTitle } from './message-page.ts';
import { postingJson } from './posting-json.ts';

/** A posting by its Message-ID: its page, its raw mail, what is attached. */
export function addPostingRoutes(site: Hono, given: ArchiveSite): void {
  const { archive } = given;
  site.get('/:list/:id/', async (context) => {
    const posting = await askedPosting(archive, context);
    if (!posting) return context.notFound();
    if (wantsJson(context)) return answerJson(context, postingJson(posting));
    const page = messagePage(posting, await archive.thread(posting.thread));
    return answerFrame(given, context, postingTitle(posting), page);
  });
  site.get('/:list/:id/raw', async (context) => {
    const asked = await askedPosting(archive, context);
    const raw = asked && (await archive.raw(asked.number));
    return raw ? rawMail(context.req.raw, raw) : context.notFound();
  });
  site.get('/:list/:id/:part{\\d{1,4}-.*}', async (context) => {
    const asked = await askedPosting(archive, context);
    const raw = asked && (await archive.raw(asked.number));
    const number = Number.parseInt(context.req.param('part'), 10);
    return (raw && attachment(context.req.raw, raw, number)) ?? context.notFound();
  });
}
