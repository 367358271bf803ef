import type { MiddlewareHandler } from 'hono';
import type { ArchiveReader } from '../../../publication/archive/archive-port.ts';
import { wantsJson } from './archive-site.ts';

/** Requests that are remembered; beyond that all are forgotten, and cost a page each once more. */
const mostRemembered = 2_000;
/** What is remembered is no longer than that: addresses may be of 16 KB, and a stranger chooses them. */
const longestAddress = 500;
/** As `answer` writes it. */
const ownTag = /^"[\w-]{27}"$/;

/**
 * Feed readers and caches ask for the same page again and again, and name the ETag that they have. That it was the right
 * one, once a page was made and compared, is remembered together with the archive's stamp, which was read before the page
 * was; while the stamp is the same the page would be, and is not made again. Never more than a 304 comes from memory.
 */
export function answerKnown(archive: ArchiveReader): MiddlewareHandler {
  const stamps = new Map<string, string>();
  return async (context, next) => {
    const tag = context.req.header('if-none-match') ?? '';
    const { url } = context.req;
    if (!ownTag.test(tag) || url.length > longestAddress) return next();
    const stamp = (await archive.state(context.req.param('list') ?? ''))?.stamp;
    if (stamp === undefined) return next();
    const asked = `${wantsJson(context) ? 'json' : 'page'} ${tag} ${url}`;
    if (stamps.get(asked) === stamp)
      return new Response(null, {
        status: 304,
        headers: { etag: tag, 'cache-control': 'no-cache', vary: 'accept' },
      });
    await next();
    if (context.res.status !== 304) return;
    if (stamps.size >= mostRemembered) stamps.clear();
    stamps.set(asked, stamp);
  };
}
