/** Raw mail, attachments and mailbox files: a stranger's bytes, handed out so that no browser takes them for a page. */
import { gzipSync } from 'node:zlib';
import { splitEntity, walk } from '../../../mail/split-entity.ts';
import { decodeTransfer } from '../../../mail/transfer-encoding.ts';
import type { ArchiveReader } from '../../../publication/archive/archive-port.ts';
import type { Posting } from '../../../publication/archive/posting.ts';
import { answer } from '../../html/serve-pages.ts';

/** `text/plain`, and `nosniff` with it: raw mail is full of HTML. */
export function rawMail(request: Request, raw: Uint8Array): Response {
  return answer(request, new Uint8Array(raw), 'text/plain; charset=utf-8');
}

/** What may be shown in a browser as it is; anything else is saved. No type of these can run anything. */
const shownTypes = new Map([
  ['text/plain', 'text/plain; charset=utf-8'],
  ['text/x-diff', 'text/plain; charset=utf-8'],
  ['text/x-patch', 'text/plain; charset=utf-8'],
  ['image/png', 'image/png'],
  ['image/jpeg', 'image/jpeg'],
]);

/** Part `number` of the mail, its transfer encoding undone; undefined when there is none. */
export function attachment(request: Request, raw: Uint8Array, number: number): Response | undefined {
  const split = splitEntity(raw);
  if (split.kind === 'problem') return undefined;
  const { entity: root } = split;
  const entity = walk(root, (one) => one === root || !one.contentType.value.startsWith('message/'))[number];
  if (!entity) return undefined;
  const shown = shownTypes.get(entity.contentType.value);
  const bytes = new Uint8Array(decodeTransfer(entity.body, entity.transferEncoding));
  const response = answer(request, bytes, shown ?? 'application/octet-stream');
  // RFC 6266 §4.1. No name from the mail: the address that was asked for ends in one that is safe.
  if (!shown) response.headers.set('content-disposition', 'attachment');
  return response;
}

/** A thread as a mailbox file (RFC 4155, mboxrd). */
export async function threadMailbox(
  request: Request,
  asked: Posting,
  archive: ArchiveReader,
): Promise<Response> {
  const lines = await archive.thread(asked.thread);
  const mails: Buffer[] = [];
  for (const line of lines) {
    const raw = await archive.raw(line.number);
    if (raw) mails.push(mailboxEntry(raw, line.postedAt));
  }
  const response = answer(request, new Uint8Array(gzipSync(Buffer.concat(mails))), 'application/gzip');
  response.headers.set('content-disposition', 'attachment; filename="thread.mbox.gz"');
  return response;
}

export function mailboxEntry(raw: Uint8Array, at: number): Buffer {
  // `Mon Aug 24 10:00:00 2026`, as asctime writes it.
  const [weekday, date, month, year, time] = new Date(at).toUTCString().replace(',', '').split(' ');
  const text = Buffer.from(raw)
    .toString('latin1')
    .replace(/(^|\n)(>*From )/g, '$1>$2');
  const end = text.endsWith('\n') ? '\n' : '\n\n';
  return Buffer.from(`From mboxrd@z ${weekday} ${month} ${date} ${time} ${year}\n${text}${end}`, 'latin1');
}
