/**
 * Splits a mail into its MIME entities (RFC 2045, 2046) by offsets, without changing or copying a byte: PGP/MIME
 * signatures cover exact bytes (RFC 3156 §5). Tolerates what real mail does: a missing last boundary, bare LF, no
 * MIME-Version, text before and after the parts. Iterative, and every limit is a returned problem, never an exception.
 */
import { type ContentHeader, readContentHeader } from './content-header.ts';
import { findDelimiters, type PartRange } from './find-delimiters.ts';
import { fieldValue, type HeaderField, type HeaderProblem, readHeader } from './header-fields.ts';
import { readTransferEncoding, type TransferEncoding } from './transfer-encoding.ts';

export type Entity = Readonly<{
  /** Where it lies in the bytes that were split. */
  start: number;
  end: number;
  bodyStart: number;
  /** Header, blank line and body, exactly; of a signed part what RFC 3156 §5 signs. */
  bytes: Uint8Array;
  body: Uint8Array;
  fields: readonly HeaderField[];
  contentType: ContentHeader;
  disposition: ContentHeader | undefined;
  /** From Content-Disposition, else Content-Type's `name`; path parts cut off. */
  fileName: string | undefined;
  transferEncoding: TransferEncoding;
  depth: number;
  /** Parts of a multipart; of message/rfc822 the one message inside. */
  children: readonly Entity[];
}>;

export type SplitProblem = Readonly<{
  kind: 'problem';
  reason: HeaderProblem | 'too-many-parts' | 'too-deep';
}>;
export type SplitEntity = Readonly<{ kind: 'entity'; entity: Entity }> | SplitProblem;

/** 50,000 empty parts blocked a good library for 3.3 s; real mail has fewer than 100. */
export const maximumParts = 1_000;
/** 1,000 parts of 1,000 fields each, 3 MB of mail, became 300 MB of objects. Real mail has a few hundred. */
export const maximumFieldsInAll = 20_000;
/** Each level scans its bytes again: nesting would multiply the work. Real mail nests up to about 8. */
export const maximumDepth = 20;
/** RFC 2046 §5.1.1 allows 70; some programs write more. A boundary of megabytes makes every comparison expensive. */
const maximumBoundary = 256;

type Task = Readonly<{ range: PartRange; depth: number; siblings: Entity[]; inDigest: boolean }>;

export function splitEntity(raw: Uint8Array): SplitEntity {
  const roots: Entity[] = [];
  const tasks: Task[] = [
    { range: { start: 0, end: raw.length }, depth: 0, siblings: roots, inDigest: false },
  ];
  let count = 0;
  let fields = 0;
  for (let task = tasks.shift(); task; task = tasks.shift()) {
    const header = readHeader(raw, task.range.start, task.range.end);
    if (typeof header === 'string') return { kind: 'problem', reason: header };
    fields += header.fields.length;
    if (fields > maximumFieldsInAll) return { kind: 'problem', reason: 'too-many-fields' };
    const children: Entity[] = [];
    const entity = makeEntity({ raw, task, header, children });
    task.siblings.push(entity);
    const ranges = childRanges(raw, entity, maximumParts - count);
    if (ranges === 'too-many-parts') return { kind: 'problem', reason: ranges };
    if (ranges.length > 0 && task.depth >= maximumDepth) return { kind: 'problem', reason: 'too-deep' };
    count += ranges.length;
    const inDigest = entity.contentType.value === 'multipart/digest';
    for (const range of ranges) tasks.push({ range, depth: task.depth + 1, siblings: children, inDigest });
  }
  const [entity] = roots;
  if (!entity) throw new Error('A root entity exists always.');
  return { kind: 'entity', entity };
}

function makeEntity(
  from: Readonly<{
    raw: Uint8Array;
    task: Task;
    header: Readonly<{ fields: readonly HeaderField[]; bodyStart: number }>;
    children: readonly Entity[];
  }>,
): Entity {
  const { start, end } = from.task.range;
  const { fields, bodyStart } = from.header;
  const contentType = contentTypeOf(fields, from.task.inDigest);
  const disposition = fieldValue(fields, 'content-disposition');
  const read = disposition === undefined ? undefined : readContentHeader(disposition);
  const name = read?.parameters.get('filename') ?? contentType.parameters.get('name');
  return {
    start,
    end,
    bodyStart,
    bytes: from.raw.subarray(start, end),
    body: from.raw.subarray(bodyStart, end),
    fields,
    contentType,
    disposition: read,
    fileName: name === undefined ? undefined : baseName(name),
    transferEncoding: readTransferEncoding(fieldValue(fields, 'content-transfer-encoding')),
    depth: from.task.depth,
    children: from.children,
  };
}

/** RFC 2045 §5.2: none or an unreadable one is text/plain; in a digest message/rfc822 (RFC 2046 §5.1.5). */
function contentTypeOf(fields: readonly HeaderField[], inDigest: boolean): ContentHeader {
  const value = fieldValue(fields, 'content-type');
  const read = readContentHeader(value ?? '');
  if (/^[^\s/]+\/[^\s/]+$/.test(read.value)) return read;
  // `Content-Type: text` is from before MIME; its parameters may still help.
  return {
    value: inDigest && value === undefined ? 'message/rfc822' : 'text/plain',
    parameters: read.parameters,
  };
}

/** A name from a stranger must not lead anywhere when somebody saves it. */
export function baseName(name: string): string | undefined {
  const last = name.split(/[/\\]/).pop()?.trim().slice(0, 255);
  return last === undefined || last === '' || last === '.' || last === '..' ? undefined : last;
}

function childRanges(
  raw: Uint8Array,
  entity: Entity,
  limit: number,
): readonly PartRange[] | 'too-many-parts' {
  const type = entity.contentType.value;
  const body = { start: entity.bodyStart, end: entity.end };
  // RFC 2046 §5.2.1: an encoded message is only bytes to us; nobody sends one.
  if (type === 'message/rfc822' || type === 'message/global') {
    if (entity.transferEncoding !== 'identity') return [];
    return limit < 1 ? 'too-many-parts' : [body];
  }
  if (!type.startsWith('multipart/')) return [];
  const boundary = entity.contentType.parameters.get('boundary')?.trimEnd();
  if (!boundary || boundary.length > maximumBoundary) return [];
  return findDelimiters(raw, { ...body, boundary, limit });
}

/** Every entity of the tree in the order of the mail, without recursion. `into` may leave out what is below one. */
export function walk(root: Entity, into: (entity: Entity) => boolean = () => true): readonly Entity[] {
  const found: Entity[] = [];
  const waiting: Entity[] = [root];
  for (let entity = waiting.pop(); entity; entity = waiting.pop()) {
    found.push(entity);
    if (into(entity)) waiting.push(...entity.children.toReversed());
  }
  return found;
}
