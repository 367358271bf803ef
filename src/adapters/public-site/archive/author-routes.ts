import type { Hono } from 'hono';
import { html } from '../../html/markup.ts';
import { linesPage, onwards } from './archive-page.ts';
import { listPath, postingPath, readPlace } from './archive-paths.ts';
import { type ArchiveSite, answerFrame, answerJson, pageSize, wantsJson } from './archive-site.ts';
import { askedPosting } from './asked-posting.ts';
import { lineJson } from './posting-json.ts';
import { authorName } from './posting-lines.ts';

/**
 * What the author of a posting wrote besides, the latest first. Named by the posting: a mail address in a path would be
 * gathered, and a hash of it could be guessed.
 */
export function addAuthorRoutes(site: Hono, given: ArchiveSite): void {
  const { archive } = given;
  site.get('/:list/:id/author/', async (context) => {
    const asked = await askedPosting(archive, context);
    if (!asked?.authorAddress) return context.notFound();
    const { list, id, authorAddress } = asked;
    const lines = await archive.byAuthor(
      list,
      authorAddress,
      pageSize,
      readPlace(context.req.query('after')),
    );
    if (wantsJson(context)) return answerJson(context, { postings: lines.map(lineJson) });
    const last = lines.length === pageSize ? lines.at(-1) : undefined;
    const title = authorName(asked);
    const page = linesPage({
      above: html`<nav class="trail" aria-label="Where this is"><a href="${listPath(list)}">${list}</a> /
<a rel="up" href="${postingPath(list, id)}">posting</a> / author</nav>`,
      title,
      lines,
      below: onwards(
        postingPath(list, id, 'author/'),
        last && { at: last.postedAt, number: last.number },
        'older',
      ),
      empty: 'There are no more.',
    });
    return answerFrame(given, context, title, page);
  });
}
