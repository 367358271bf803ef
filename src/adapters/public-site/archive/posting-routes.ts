import type { Hono } from 'hono';
import { type ArchiveSite, answerFrame, answerJson, wantsJson } from './archive-site.ts';
import { askedInThread, askedPosting, askedRaw } from './asked-posting.ts';
import { attachment, rawMail } from './downloads.ts';
import { messagePage, postingTitle } from './message-page.ts';
import { postingJson } from './posting-json.ts';

/** A posting by its Message-ID: its page, its raw mail, what is attached. */
export function addPostingRoutes(site: Hono, given: ArchiveSite): void {
  const { archive } = given;
  site.get('/:list/:id/', async (context) => {
    if (wantsJson(context)) {
      const posting = await askedPosting(archive, context);
      return posting ? answerJson(context, postingJson(posting)) : context.notFound();
    }
    const asked = await askedInThread(archive, context);
    if (!asked) return context.notFound();
    const whole = context.req.query('whole') !== undefined;
    const page = messagePage(asked.posting, asked.thread, whole);
    return answerFrame(given, context, postingTitle(asked.posting), page);
  });
  site.get('/:list/:id/raw', async (context) => {
    const raw = await askedRaw(archive, context);
    return raw ? rawMail(context.req.raw, raw) : context.notFound();
  });
  site.get('/:list/:id/:part{\\d{1,4}-.*}', async (context) => {
    const raw = await askedRaw(archive, context);
    const number = Number.parseInt(context.req.param('part'), 10);
    return (raw && attachment(context.req.raw, raw, number)) ?? context.notFound();
  });
}
