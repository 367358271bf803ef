/** Held postings on a terminal. All of their words are a stranger's: what prints them takes the terminal's orders out. */
import {
  type HeldPosting,
  type ModerationStore,
  mostListed,
} from '../../adapters/postgres/moderation-store.ts';
import { decodeText } from '../../mail/charset.ts';
import { readLetterHead } from '../../mail/read-letter-head.ts';
import { splitEntity } from '../../mail/split-entity.ts';
import type { Answer } from '../../message/requests/request.ts';
import { readPosting } from '../../publication/archive/read-posting.ts';
import { wordReason } from '../../publication/moderation/moderation-reason.ts';
import { formatInstant } from '../../time/instant.ts';
import { table } from './table.ts';

const longestCell = 60;
/** Enough to tell a posting from an advertisement. */
const shownLines = 40;
const longestLine = 200;

export async function moderationList(store: ModerationStore, list: string | undefined): Promise<Answer> {
  const held = await store.held(list);
  const rows = held.map((one) => ({ ...headOf(one.beginning), ...plain(one) }));
  const lines = rows.map((row) => ({
    id: row.id,
    lists: row.lists.join(' '),
    received: row.received,
    size: row.size < 1024 ? `${row.size} B` : `${Math.round(row.size / 1024)} KiB`,
    from: shortened(row.from),
    subject: shortened(row.subject),
    reasons: row.reasons.join(' '),
  }));
  const columns = ['id', 'lists', 'received', 'size', 'from', 'subject', 'reasons'] as const;
  const more = held.length < mostListed ? [] : [`Only the oldest ${mostListed} are shown.`];
  const text = lines.length === 0 ? ['Nothing waits for a moderator.'] : [...table(columns, lines), ...more];
  return { kind: 'done', text, data: rows };
}

export async function moderationShow(
  store: ModerationStore,
  { id, whole }: Readonly<{ id: string; whole: boolean }>,
): Promise<Answer> {
  const found = await store.mail(id);
  if (!found)
    return { kind: 'refused', reason: `No mail ${id} to a public list; see: embargod moderation list` };
  const raw = found.beginning;
  const { from, to, subject, date } = headOf(raw);
  const states = { waiting: 'not looked at yet', held: 'held', done: 'posted', refused: 'refused' };
  const text = [
    `${id} on ${found.lists.join(', ')}, ${states[found.state]}, ${found.size} bytes, received ${formatInstant(found.receivedAt)}`,
    ...found.heldFor.map((reason) => `  because ${wordReason(reason)}`),
    '',
    ...(whole
      ? decodeText(raw, undefined).split(/\r?\n/)
      : [`From: ${from}`, `To: ${to}`, `Subject: ${subject}`, `Date: ${date}`, '', ...openingOf(raw)]),
  ];
  return {
    kind: 'done',
    text,
    data: { ...plain(found), from, to, subject, date, text: openingOf(raw).join('\n') },
  };
}

function plain({ id, lists, receivedAt, size, state, heldFor }: HeldPosting) {
  return { id, lists: [...lists], received: formatInstant(receivedAt), size, state, reasons: [...heldFor] };
}

/** From a beginning that may end in the middle: a body is nothing that a header needs. */
function headOf(raw: Uint8Array) {
  const split = splitEntity(headerOf(raw));
  if (split.kind === 'problem') return { from: '', to: '', subject: '', date: '' };
  const head = readLetterHead(split.entity.fields);
  const named = [...head.to, ...head.cc].map(({ address }) => address).join(', ');
  return {
    from: head.from.map(({ name, address }) => (name ? `${name} <${address}>` : address)).join(', '),
    to: named,
    subject: head.subject,
    date: head.date === undefined ? '' : formatInstant(head.date),
  };
}

function headerOf(raw: Uint8Array): Uint8Array {
  const text = decodeText(raw, 'latin1');
  const end = /\r?\n\r?\n/.exec(text)?.index;
  return end === undefined ? raw : raw.subarray(0, end + 2);
}

function openingOf(raw: Uint8Array): readonly string[] {
  return readPosting(raw).parts.flatMap(({ type, name, size, shown }) => {
    const title = name === undefined ? type : `${type} ${name}`;
    if (!shown) return [`[${title}, ${size} bytes]`];
    const lines = shown.text.split('\n').map((line) => line.slice(0, longestLine));
    const more = lines.length > shownLines ? [`[${lines.length - shownLines} more lines: --whole]`] : [];
    const mark = shown.kind === 'html' || name !== undefined ? [`[${title}]`] : [];
    return [...mark, ...lines.slice(0, shownLines), ...more];
  });
}

function shortened(text: string): string {
  return text.length > longestCell ? `${text.slice(0, longestCell - 1)}…` : text;
}
