/**
 * What the archive shows and finds of one posting, read from its raw bytes, which stay as they are. Hostile bytes, pure,
 * linear; whatever cannot be taken apart is shown as one text, so that nothing that was posted is missing.
 */
import { joinBytes } from '../../mail/bytes.ts';
import { decodeText } from '../../mail/charset.ts';
import { isAttachment, textOfEntity, unflow } from '../../mail/entity-text.ts';
import { fieldValue } from '../../mail/header-fields.ts';
import type { Mailbox, MessageId } from '../../mail/letter-head.ts';
import { readMailDate } from '../../mail/mail-date.ts';
import { readLetterHead } from '../../mail/read-letter-head.ts';
import { type Entity, splitEntity, walk } from '../../mail/split-entity.ts';
import type { Instant } from '../../time/instant.ts';
import { cveIdsIn, mostCveIds } from './words.ts';

export type ReadPosting = Readonly<{
  /** None: the mail has no usable Message-ID. */
  id: MessageId | undefined;
  subject: string;
  author: Mailbox | undefined;
  /** The oldest first, the nearest last; itself not among them. */
  answers: readonly MessageId[];
  /** By the topmost Received field: when the last machine before us had it (RFC 5321 §4.4). */
  arrivedAt: Instant | undefined;
  /** By its author's Date. */
  writtenAt: Instant | undefined;
  /** In the order of the mail. */
  parts: readonly PostedPart[];
  cveIds: readonly string[];
  hasPatch: boolean;
  /** What its author wrote: the same in two copies that came by different machines, each of which adds to the header. */
  written: Uint8Array;
}>;

/** A leaf of the mail. `number` counts entities in the order of the mail, the root 0: part of stable addresses. */
export type PostedPart = Readonly<{
  number: number;
  /** What its type claims, lower case. */
  type: string;
  name: string | undefined;
  /** Bytes, about: of the part as it was sent, less what base64 adds. */
  size: number;
  /** What is shown in the page: `html` has still to be reduced to text. */
  shown: Readonly<{ kind: 'plain' | 'html'; text: string }> | undefined;
}>;

/** Longer ones are read as a file: a page is for reading. 1 MB is a posting's limit on oss-security. */
const longestText = 1024 * 1024;
/** Texts and patches that were attached are shown too; a log of megabytes is a file. */
const longestAttachedText = 256 * 1024;

export function readPosting(raw: Uint8Array): ReadPosting {
  const split = splitEntity(raw);
  if (split.kind === 'problem') return unsplit(raw);
  const { entity: root } = split;
  const head = readLetterHead(root.fields);
  const parts = readParts(root);
  const texts = [head.subject, ...parts.map(({ shown }) => shown?.text ?? '')];
  const id = head.messageId;
  const known = new Set(head.references);
  const [direct] = head.inReplyTo;
  const answers = direct && !known.has(direct) ? [...head.references, direct] : head.references;
  return {
    id,
    subject: head.subject,
    author: head.from[0],
    answers: answers.filter((answered) => answered !== id),
    arrivedAt: arrival(root),
    writtenAt: head.date,
    parts,
    cveIds: [...new Set(texts.flatMap(cveIdsIn))].slice(0, mostCveIds),
    hasPatch: parts.some(isPatch),
    written: writtenBytes(root),
  };
}

function writtenBytes({ fields, body }: Entity): Uint8Array {
  const lines = ['from', 'date', 'subject'].map((name) => `${fieldValue(fields, name) ?? ''}\n`);
  return joinBytes(new TextEncoder().encode(lines.join('')), body);
}

function unsplit(raw: Uint8Array): ReadPosting {
  const text = decodeText(raw.subarray(0, longestText), undefined).replace(/\r\n?/g, '\n');
  return {
    id: undefined,
    subject: '',
    author: undefined,
    answers: [],
    arrivedAt: undefined,
    writtenAt: undefined,
    parts: [
      { number: 0, type: 'text/plain', name: undefined, size: raw.length, shown: { kind: 'plain', text } },
    ],
    cveIds: cveIdsIn(text),
    hasPatch: false,
    written: raw,
  };
}

function arrival({ fields }: Entity): Instant | undefined {
  // RFC 5321 §4.4: the date stands behind the last semicolon.
  return readMailDate(fieldValue(fields, 'received')?.split(';').pop() ?? '');
}

function readParts(root: Entity): readonly PostedPart[] {
  const entities = walk(
    root,
    (entity) => entity === root || !entity.contentType.value.startsWith('message/'),
  );
  const hidden = alternatives(entities);
  return entities.flatMap((entity, number) => {
    const isMessage = entity !== root && entity.contentType.value.startsWith('message/');
    if (entity.children.length > 0 && !isMessage) return [];
    if (entity.body.length === 0 && entity.fileName === undefined) return [];
    const encoded = entity.transferEncoding === 'base64' ? 0.74 : 1;
    return [
      {
        number,
        type: entity.contentType.value,
        name: entity.fileName,
        size: Math.round(entity.body.length * encoded),
        shown: isMessage || hidden.has(entity) ? undefined : shownText(entity),
      },
    ];
  });
}

/** RFC 2046 §5.1.4: of several forms of one text, plain text is shown and the others are files. */
function alternatives(entities: readonly Entity[]): ReadonlySet<Entity> {
  const hidden = new Set<Entity>();
  for (const { contentType, children } of entities) {
    if (contentType.value !== 'multipart/alternative') continue;
    const below = children.flatMap((child) => walk(child));
    const plain = below.some((entity) => entity.contentType.value === 'text/plain');
    if (plain) for (const entity of below) if (entity.contentType.value !== 'text/plain') hidden.add(entity);
  }
  return hidden;
}

const patchType = /^text\/(x-)?(diff|patch)$/;
const patchName = /\.(patch|diff)$/i;

function shownText(entity: Entity): PostedPart['shown'] {
  const { contentType, fileName, body } = entity;
  const type = contentType.value;
  const isText = type === 'text/plain' || patchType.test(type) || (fileName && patchName.test(fileName));
  const isFile = isAttachment(entity) || fileName !== undefined;
  if (isText && body.length <= (isFile ? longestAttachedText : longestText * 4)) {
    const text = textOfEntity(entity, longestText);
    const flowed = contentType.parameters.get('format')?.toLowerCase() === 'flowed';
    const deleteBlank = contentType.parameters.get('delsp')?.toLowerCase() === 'yes';
    return { kind: 'plain', text: flowed ? unflow(text, deleteBlank) : text };
  }
  if (type === 'text/html' && !isAttachment(entity))
    return { kind: 'html', text: textOfEntity(entity, longestText) };
  return undefined;
}

function isPatch({ type, name, shown }: PostedPart): boolean {
  if (patchType.test(type) || (name !== undefined && patchName.test(name))) return true;
  return shown?.kind === 'plain' && /^(diff --git |--- \S.*\n\+\+\+ \S)/m.test(shown.text);
}
