import type { Posting, ShownPart } from '../../../publication/archive/posting.ts';
import type { Markup } from '../../html/markup.ts';
import { html } from '../../html/markup.ts';
import { postingPath } from './archive-paths.ts';
import { postingText } from './posting-text.ts';

/**
 * Characters of a posting that a page shows, before it offers the whole: with its markup the page stays below 50 KB, and a
 * thread of patches of half a megabyte stays one that opens. Nobody loses anything: the whole is a link away.
 */
const mostShown = 24_000;

/** The text of a posting, shortened unless the whole is asked for, and what is attached. */
export function postingBody(posting: Posting, whole = false): Markup {
  const { shown, left } = withinReach(posting.parts, whole ? Number.POSITIVE_INFINITY : mostShown);
  const files = posting.parts.filter(({ text, name }) => text === undefined || name !== undefined);
  return html`${shown.map((part) => shownPart(part))}${
    left > 0
      ? html`<p class="rest"><a href="${postingPath(posting.list, posting.id)}?whole">The whole posting</a>: ${sizeText(left)} more</p>`
      : ''
  }
${
  files.length === 0
    ? ''
    : html`<ul class="files" aria-label="Attachments">${files.map(
        (part) =>
          html`<li><a href="${postingPath(posting.list, posting.id, partName(part))}">${fileTitle(part)}</a>
<span class="faint">${part.type}, ${sizeText(part.size)}</span></li>`,
      )}</ul>`
}`;
}

/** The parts as far as there is room, the last one cut at the end of a line; `left`: characters that are not shown. */
function withinReach(
  parts: readonly ShownPart[],
  room: number,
): Readonly<{ shown: readonly ShownPart[]; left: number }> {
  let free = room;
  let left = 0;
  const shown: ShownPart[] = [];
  for (const part of parts) {
    const { text = '' } = part;
    const end = text.length <= free ? text.length : cutAt(text, free);
    if (end > 0) shown.push({ ...part, text: text.slice(0, end) });
    left += text.length - end;
    free = left > 0 ? 0 : free - end;
  }
  return { shown, left };
}

/** Behind the last line that has room. A line longer than that is cut where it must be, but not inside a character. */
function cutAt(text: string, room: number): number {
  const line = text.lastIndexOf('\n', room - 1) + 1;
  if (line > 0 || room === 0) return line;
  return text.slice(0, room).isWellFormed() ? room : room - 1;
}

function shownPart({ text, name, fromHtml }: ShownPart): Markup | '' {
  if (text === undefined || text.trim() === '') return '';
  return html`${name === undefined ? '' : html`<h2 class="part">${name}</h2>`}${
    fromHtml ? html`<p class="faint">This posting came as HTML only; its text is shown.</p>` : ''
  }${postingText(text)}`;
}

/** `2-fix.patch`: the part's number, by which it is found, and a name that a saved file may have. */
function partName({ number, name }: ShownPart): string {
  // By characters: half of one, cut off, is nothing that an address can have.
  const characters = [...(name ?? 'part').slice(0, 400).toWellFormed()].slice(0, 100).join('');
  return `${number}-${encodeURIComponent(characters.replace(/[^\p{L}\p{N}._+-]/gu, '_'))}`;
}

function fileTitle({ name, number }: ShownPart): string {
  return name ?? `part ${number}`;
}

function sizeText(size: number): string {
  if (size < 1024) return `${size} bytes`;
  return size < 1024 * 1024 ? `${Math.round(size / 1024)} KB` : `${(size / 1024 / 1024).toFixed(1)} MB`;
}
