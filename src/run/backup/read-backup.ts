/**
 * Reads a backup and believes nothing of it before its end: every line has its form, the rows are counted, and the
 * trailer's digest is that of what was read. `checkBackup` does so without using any of it.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import type { TextRow } from '../../adapters/postgres/backup/snapshot.ts';
import { backupFault, damaged } from './backup-fault.ts';
import {
  anyHeaderLine,
  type BackupHeader,
  formatVersion,
  headerLine,
  rowLine,
  type TableLine,
  tableLine,
  tableName,
  trailerLine,
} from './backup-format.ts';

export type BackupPart =
  | Readonly<{ kind: 'header'; header: BackupHeader }>
  | Readonly<{ kind: 'table'; table: TableLine }>
  | Readonly<{ kind: 'row'; row: TextRow }>
  | Readonly<{ kind: 'end'; rows: number }>;

/** Attack: a few bytes of gzip that become one endless line. The largest honest one is a mail's body, in hexadecimal. */
const longestLine = 256 * 1_024 * 1_024;
const lineFeed = 0x0a;

/** Ends with `end`, or throws a BackupFault: what came before may then not be used. */
export async function* readBackup(file: string): AsyncIterable<BackupPart> {
  const hash = createHash('sha256');
  const rows = new Map<string, number>();
  let table: TableLine | undefined;
  let state: 'header' | 'body' | 'end' = 'header';
  for await (const line of linesOf(file)) {
    if (state === 'end') throw damaged('something follows its end');
    const value = parse(line);
    if (state === 'header') {
      state = 'body';
      yield { kind: 'header', header: readHeader(value) };
    } else if (Array.isArray(value)) {
      const row = rowLine.safeParse(value).data;
      if (!row || !table || row.length !== table.columns.length)
        throw damaged('a row has not its table’s form');
      rows.set(tableName(table), (rows.get(tableName(table)) ?? 0) + 1);
      yield { kind: 'row', row };
    } else if (isTrailer(value)) {
      checkTrailer(value, rows, hash.digest('hex'));
      state = 'end';
      continue;
    } else {
      table = readTable(value, rows);
      rows.set(tableName(table), 0);
      yield { kind: 'table', table };
    }
    hash.update(line).update('\n');
  }
  if (state !== 'end') throw damaged('its end is missing');
  yield { kind: 'end', rows: [...rows.values()].reduce((sum, count) => sum + count, 0) };
}

/** The whole file, read and thrown away: the header of one that can be restored, and how many rows it has. */
export async function checkBackup(
  file: string,
  progress: (rows: number) => void = () => undefined,
): Promise<Readonly<{ header: BackupHeader; rows: number }>> {
  let header: BackupHeader | undefined;
  let rows = 0;
  for await (const part of readBackup(file)) {
    if (part.kind === 'header') header = part.header;
    if (part.kind === 'row') rows += 1;
    if (part.kind === 'row' && rows % 10_000 === 0) progress(rows);
  }
  if (!header) throw damaged('its beginning is missing');
  return { header, rows };
}

function readHeader(value: unknown): BackupHeader {
  const header = headerLine.safeParse(value).data;
  if (header) return header;
  const other = anyHeaderLine.safeParse(value).data;
  if (other && other.version > formatVersion) {
    throw backupFault(
      `This backup has format ${other.version}; this program reads up to ${formatVersion}: install the version of embargod that made it, or a newer one.`,
    );
  }
  throw other ? damaged('its header cannot be read') : foreign();
}

function readTable(value: unknown, rows: ReadonlyMap<string, number>): TableLine {
  const table = tableLine.safeParse(value).data;
  if (!table) throw damaged('a line is none of a backup’s');
  if (rows.has(tableName(table))) throw damaged('a table comes twice');
  return table;
}

function isTrailer(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'sha256' in value;
}

function checkTrailer(value: unknown, rows: ReadonlyMap<string, number>, digest: string): void {
  const trailer = trailerLine.safeParse(value).data;
  const counted = [...rows].every(([name, count]) => trailer?.rows[name] === count);
  if (!trailer || trailer.sha256 !== digest || !counted) throw damaged('it is not what was written');
}

function parse(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString());
  } catch {
    throw damaged('a line is none of a backup’s');
  }
}

async function* linesOf(file: string): AsyncIterable<Buffer> {
  let rest: Buffer[] = [];
  let length = 0;
  const packed = createReadStream(file);
  const stream = createGunzip();
  packed.on('error', (error) => stream.destroy(error)).pipe(stream);
  try {
    for await (const chunk of stream) {
      let bytes: Buffer = chunk;
      for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed)) {
        yield Buffer.concat([...rest, bytes.subarray(0, end)]);
        rest = [];
        length = 0;
        bytes = bytes.subarray(end + 1);
      }
      if (bytes.length > 0) rest.push(bytes);
      length += bytes.length;
      if (length > longestLine) throw damaged('one of its lines does not end');
    }
  } catch (error) {
    throw gzipFault(error);
  } finally {
    packed.destroy();
    stream.destroy();
  }
  if (length > 0) throw damaged('its last line is cut');
}

function gzipFault(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'Z_BUF_ERROR') return damaged('it is cut');
  if (code === 'Z_DATA_ERROR') {
    return error instanceof Error && error.message.includes('header check')
      ? foreign()
      : damaged('it cannot be unpacked');
  }
  return error;
}

function foreign(): Error {
  return backupFault('This file is no backup that `embargod backup` made.');
}
