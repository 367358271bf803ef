import type { Markup } from '../../html/markup.ts';
import { html } from '../../html/markup.ts';
import { datedPath, listPath } from './archive-paths.ts';

/** Where a page stands: its list, and the year, month and day as far as `named` goes (`2026-08`). */
export function trail(list: string, named: string, isThere = false): Markup {
  const pieces = named.split('-');
  return html`<nav class="trail" aria-label="Where this is"><a href="${listPath(list)}">${list}</a>${pieces.map(
    (piece, at) =>
      html` / <a href="${datedPath(list, pieces.slice(0, at + 1).join('-'))}"${
        isThere && at === pieces.length - 1 ? html` aria-current="page"` : ''
      }>${piece}</a>`,
  )}</nav>`;
}

const monthNames =
  'January February March April May June July August September October November December'.split(' ');

/** `2026`, `August 2026`, `24 August 2026`. */
export function spokenPeriod(named: string): string {
  const [year, month, day] = named.split('-');
  return [day && String(Number(day)), month && monthNames[Number(month) - 1], year].filter(Boolean).join(' ');
}
