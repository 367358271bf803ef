/**
 * `archive import`: takes an old archive into a list's own. It can be stopped and given again at any time: what is there
 * already is known by what its author wrote. Works with the rights of `public-keeper` in the database, and no others.
 */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { PoolConfig } from 'pg';
import { readClock } from '../../adapters/clock/clock.ts';
import { codeOf } from '../../adapters/log/log.ts';
import { openMailbox, type StoredMail } from '../../adapters/mailbox/open-mailbox.ts';
import { htmlToText } from '../../adapters/mime/html-to-text.ts';
import { type OpenArchiveWriter, openArchiveWriter } from '../../adapters/postgres/archive/open-archive.ts';
import { openPublicReader } from '../../adapters/postgres/public-store.ts';
import type { Answer } from '../../message/requests/request.ts';
import { importedPosting } from '../../publication/archive/make-posting.ts';
import type { NewPosting } from '../../publication/archive/posting.ts';
import { splitMbox } from '../../publication/archive/split-mbox.ts';

export type ArchiveImport = Readonly<{
  list: string;
  path: string;
  access: PoolConfig;
  progress: (done: number, of: number, what: string) => void;
}>;

/** Postings in one transaction, and bytes of them: a commit is dear, and a mail may have 64 MB. */
const batchSize = 100;
const batchBytes = 32 * 1024 * 1024;
/** What was not taken is named so often; the count says the rest. */
const mostNamed = 20;

type Report = { added: number; renamed: number; known: number; notTaken: string[] };
/** `where`: how people find it again, should it not be taken. */
type Found = Readonly<{ where: string; raw: Uint8Array | undefined }>;
type Ready = Readonly<{ where: string; posting: NewPosting }>;
type Taking = Readonly<{ list: string; writer: OpenArchiveWriter; report: Report }>;

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
  const mails =
    source.kind === 'file' ? fromMailbox(source.chunks(onRead)) : fromMaildir(source.mails(onRead));
  const writer = openArchiveWriter(access);
  try {
    for await (const batch of batches(mails, list, report)) {
      await take(batch, { list, writer, report });
      progress(read, source.size, `${report.added + report.renamed + report.known} postings`);
    }
  } finally {
    await writer.close();
  }
  return done(list, report);
}

async function* fromMailbox(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Found> {
  for await (const item of splitMbox(chunks))
    yield {
      where: `the mail at byte ${item.start}`,
      raw: item.kind === 'mail' ? item.raw : undefined,
    };
}

async function* fromMaildir(mails: AsyncIterable<StoredMail>): AsyncGenerator<Found> {
  for await (const { raw, name } of mails) yield { where: name, raw };
}

async function* batches(
  mails: AsyncIterable<Found>,
  list: string,
  report: Report,
): AsyncGenerator<readonly Ready[]> {
  let batch: Ready[] = [];
  let bytes = 0;
  for await (const { where, raw } of mails) {
    if (raw === undefined || raw.length === 0) {
      report.notTaken.push(`${where}: ${raw === undefined ? 'larger than 64 MB' : 'empty'}`);
      continue;
    }
    batch.push({ where, posting: await postingOf(raw, list) });
    bytes += raw.length;
    if (batch.length < batchSize && bytes < batchBytes) continue;
    yield batch;
    [batch, bytes] = [[], 0];
  }
  if (batch.length > 0) yield batch;
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

function postingOf(raw: Uint8Array, list: string): Promise<NewPosting> {
  return importedPosting(list, raw, {
    now: readClock(),
    sha256: (bytes) => createHash('sha256').update(bytes).digest(),
    htmlToText,
  });
}

/** One that the database does not take is named, and keeps no other out. */
async function take(batch: readonly Ready[], taking: Taking): Promise<void> {
  const { list, writer, report } = taking;
  try {
    const taken = await writer.add(
      list,
      batch.map(({ posting }) => posting),
      readClock(),
    );
    for (const { kind } of taken) report[kind] += 1;
  } catch (error) {
    const code = String(codeOf(error));
    if (!isOfItsContent(code)) throw error;
    if (batch.length > 1) for (const one of batch) await take([one], taking);
    else report.notTaken.push(`${batch[0]?.where}: the database refuses it (${code})`);
  }
}

/** SQLSTATE classes 22 (data), 23 (integrity) and 54 (limits): what is written, and not whether one can write. */
function isOfItsContent(code: string): boolean {
  return /^(22|23|54)[0-9A-Z]{3}$/.test(code);
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
