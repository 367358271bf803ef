/**
 * The archive's pages and other ways out. Whatever is asked, the answer is a page, the JSON beside it, a feed or the raw
 * mail, each with an ETag; what is not there is not found. Addresses: archive-paths.ts, docs/urls.md.
 */
import type { Hono } from 'hono';
import { answerKnown } from './answer-known.ts';
import type { ArchiveSite } from './archive-site.ts';
import { addAuthorRoutes } from './author-routes.ts';
import { addCveRoutes } from './cve-routes.ts';
import { addListRoutes } from './list-routes.ts';
import { addPeriodRoutes } from './period-routes.ts';
import { addPostingRoutes } from './posting-routes.ts';
import { addThreadRoutes } from './thread-routes.ts';

/** In this order: `/LIST/2026/` is a year, before it could be a Message-ID. */
export function addArchiveRoutes(site: Hono, given: ArchiveSite): void {
  site.use('/:list/*', answerKnown(given.archive));
  addCveRoutes(site, given);
  addListRoutes(site, given);
  addPeriodRoutes(site, given);
  addThreadRoutes(site, given);
  addAuthorRoutes(site, given);
  addPostingRoutes(site, given);
}
