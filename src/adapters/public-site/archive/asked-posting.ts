import type { Context } from 'hono';
import type { ArchiveReader, PostingInThread } from '../../../publication/archive/archive-port.ts';
import type { Posting } from '../../../publication/archive/posting.ts';
import { idOfPath } from './archive-paths.ts';

/** The posting that a path `/:list/:id/…` names. */
export async function askedPosting(archive: ArchiveReader, context: Context): Promise<Posting | undefined> {
  const id = idOfPath(context.req.param('id') ?? '');
  return id && archive.posting(context.req.param('list') ?? '', id);
}

export async function askedInThread(
  archive: ArchiveReader,
  context: Context,
): Promise<PostingInThread | undefined> {
  const id = idOfPath(context.req.param('id') ?? '');
  return id && archive.withThread(context.req.param('list') ?? '', id);
}

export async function askedRaw(archive: ArchiveReader, context: Context): Promise<Uint8Array | undefined> {
  const id = idOfPath(context.req.param('id') ?? '');
  return id && archive.rawOf(context.req.param('list') ?? '', id);
}
