/**
 * `archive import`: takes an old archive into a list's own. It can be stopped and given again at any time: what is there
 * already is known by what its author wrote. Works with the rights of `public-keeper` in the database, and no others.
 */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { PoolConfig } from 'pg';
import { readClock } from '../../adapters/clock/clock.ts';
import { openMailbox } from '../../adapters/mailbox/open-mailbox.ts';
import { htmlToText } from '../../adapters/mime/html-to-text.ts';
import { type OpenArchiveWriter, openArchiveWriter } from '../../adapters/postgres/archive/open-archive.ts';
import { openPublicReader } from '../../adapters/postgres/public-store.ts';
import type { Answer } from '../../message/requests/request.ts';
import { importedPosting } from '../../publication/archive/make-posting.ts';
import type { NewPosting, Taken } from '../../publication/archive/posting.ts';
import { type MailboxItem, splitMbox } from '../../publication/archive/split-mbox.ts';

export type ArchiveImport = Readonly<{
  list: string;
  path: string;
  access: PoolConfig;
  progress: (done: number, of: number, what: string) => void;
}>;

/** Postings in one transaction: a commit is dear, and a reader waits for none of them. */
const batchSize = 100;
/** What was not taken is named so often; the count says the rest. */
const mostNamed = 20;

type Report = { added: number; renamed: number; known: number; notTaken: string[] };

export async function importArchive({ list, path, access, progress }: ArchiveImport): Promise<Answer> {
  const fault = await listFault(list, access);
  if (fault !== undefined) return { kind: 'refused', reason: fault };
  const source = await openMailbox(resolve(path));
  if (source.kind === 'unknown')
    return {
      kind: 'refused',
      reason: `${path} is neither a mailbox file, compressed or not, nor a Maildir.`,
    };
  const report: Report = { added: 0, renamed: 0, known: 0, notTaken: [] };
  let read = 0;
  const onRead = (bytes: number) => {
    read += bytes;
  };
  const items = source.kind === 'file' ? splitMbox(source.chunks(onRead)) : fromMaildir(source.mails(onRead));
  const writer = openArchiveWriter(access);
  try {
    let batch: NewPosting[] = [];
    for await (const item of items) {
      const posting = await postingOf(item, list, report);
      if (posting) batch.push(posting);
      if (batch.length < batchSize) continue;
      await take(batch, writer, list, report);
      batch = [];
      progress(read, source.size, `${report.added + report.renamed + report.known} postings`);
    }
    if (batch.length > 0) await take(batch, writer, list, report);
  } finally {
    await writer.close();
  }
  return done(list, report);
}

async function listFault(list: string, access: PoolConfig): Promise<string | undefined> {
  const reader = openPublicReader(access);
  try {
    const lists = await reader.lists();
    if (lists.some(({ name, kind }) => name === list && kind === 'public')) return undefined;
    const known = lists.filter(({ kind }) => kind === 'public').map(({ name }) => name);
    return `There is no public list ${list}${known.length > 0 ? `; there is ${known.join(', ')}` : ': embargod list add NAME --preset oss-security'}.`;
  } finally {
    await reader.close();
  }
}

async function* fromMaildir(
  mails: AsyncIterable<Readonly<{ raw: Uint8Array }>>,
): AsyncGenerator<MailboxItem> {
  for await (const { raw } of mails) yield { kind: 'mail', raw, start: 0 };
}

async function postingOf(item: MailboxItem, list: string, report: Report): Promise<NewPosting | undefined> {
  if (item.kind === 'too-large') {
    report.notTaken.push(`the mail at byte ${item.start}: larger than 64 MB`);
    return undefined;
  }
  if (item.raw.length === 0) {
    report.notTaken.push(`the mail at byte ${item.start}: empty`);
    return undefined;
  }
  return importedPosting(list, item.raw, {
    now: readClock(),
    sha256: (bytes) => createHash('sha256').update(bytes).digest(),
    htmlToText,
  });
}

async function take(
  batch: readonly NewPosting[],
  writer: OpenArchiveWriter,
  list: string,
  report: Report,
): Promise<void> {
  const taken: readonly Taken[] = await writer.add(list, batch, readClock());
  for (const { kind } of taken) report[kind] += 1;
}

function done(list: string, { added, renamed, known, notTaken }: Report): Answer {
  const named = notTaken.slice(0, mostNamed);
  return {
    kind: 'done',
    text: [
      `${list}: ${added + renamed} postings taken, ${known} were there already.`,
      ...(renamed > 0
        ? [`${renamed} of them under a made-up Message-ID, as theirs belongs to another posting.`]
        : []),
      ...(notTaken.length > 0 ? [`Not taken: ${notTaken.length}`, ...named.map((line) => `  ${line}`)] : []),
      ...(notTaken.length > named.length ? ['  …'] : []),
    ],
    data: { list, added, renamed, known, notTaken },
  };
}
