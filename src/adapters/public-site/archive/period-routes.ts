import type { Hono } from 'hono';
import type { Stretch } from '../../../publication/archive/archive-port.ts';
import { formatInstant, instantFromMilliseconds } from '../../../time/instant.ts';
import type { Markup } from '../../html/markup.ts';
import { html } from '../../html/markup.ts';
import { linesPage, onwards } from './archive-page.ts';
import { datedPath, postingPath, readPlace } from './archive-paths.ts';
import { type ArchiveSite, answerFrame, answerJson, wantsJson } from './archive-site.ts';
import { lineJson } from './posting-json.ts';
import { spokenPeriod, trail } from './trail.ts';

/** A month of a busy list on one page. */
const mostLines = 200;

const periods = [
  '/:list/:year{\\d{4}}/',
  '/:list/:year{\\d{4}}/:month{\\d\\d}/',
  '/:list/:year{\\d{4}}/:month{\\d\\d}/:day{\\d\\d}/',
];

/** Years, months, days, and the short address of a posting: which one it was of its day. */
export function addPeriodRoutes(site: Hono, given: ArchiveSite): void {
  const { archive, listOf } = given;
  for (const path of periods)
    site.get(path, async (context) => {
      const { list: name = '', ...date }: Readonly<Record<string, string>> = context.req.param();
      const list = await listOf(name);
      const stretch = stretchOf(date);
      if (!list || !stretch) return context.notFound();
      const lines = await archive.within(
        list.name,
        stretch,
        mostLines,
        readPlace(context.req.query('after')),
      );
      if (wantsJson(context)) return answerJson(context, { postings: lines.map(lineJson) });
      const last = lines.length === mostLines ? lines.at(-1) : undefined;
      const named = [date.year, date.month, date.day].filter(Boolean).join('-');
      const next = last && { at: last.postedAt, number: last.number };
      const page = linesPage({
        above: trail(list.name, named, true),
        title: spokenPeriod(named),
        lines,
        below: html`${onwards(datedPath(list.name, named), next, 'more')}${neighbours(list.name, named, stretch)}`,
        empty: 'Nothing was posted then.',
      });
      return answerFrame(given, context, `${list.name}, ${named}`, page);
    });
  site.get(`${periods[2]}:number{\\d{1,6}}`, async (context) => {
    const { list = '', number, ...date }: Readonly<Record<string, string>> = context.req.param();
    if (!stretchOf(date)) return context.notFound();
    const day = `${date.year}-${date.month}-${date.day}`;
    const line = await archive.postingOfDay(list, day, Number(number));
    return line ? context.redirect(postingPath(line.list, line.id), 301) : context.notFound();
  });
}

/** The period before and the one after: the calendar goes on where nothing was posted, too. */
function neighbours(list: string, named: string, { from, to }: Stretch): Markup {
  const before = formatInstant(instantFromMilliseconds(from - 1)).slice(0, named.length);
  const after = formatInstant(to).slice(0, named.length);
  return html`<nav class="steps" aria-label="Before and after"><a href="${datedPath(list, before)}">← ${before}</a>
<a href="${datedPath(list, after)}">${after} →</a></nav>`;
}

/** Undefined for a date that is in no calendar. */
function stretchOf({ year, month, day }: Readonly<Record<string, string>>): Stretch | undefined {
  const [y, m, d] = [Number(year), Number(month ?? 1), Number(day ?? 1)];
  const from = new Date(Date.UTC(y, m - 1, d));
  if (from.getUTCFullYear() !== y || from.getUTCMonth() !== m - 1 || from.getUTCDate() !== d)
    return undefined;
  const to = day ? Date.UTC(y, m - 1, d + 1) : month ? Date.UTC(y, m, 1) : Date.UTC(y + 1, 0, 1);
  return { from: instantFromMilliseconds(from.getTime()), to: instantFromMilliseconds(to) };
}
