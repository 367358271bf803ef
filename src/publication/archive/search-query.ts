/**
 * What somebody searches for, as it is typed into one line:
 *
 *   use after free          all of these words
 *   "use after free"        these words side by side
 *   -debian                 not this
 *   skb_cl*                 words that begin so
 *   from:alice  subject:tcp cve:2021-3760  list:oss-security  has:patch  has:attachment
 *   after:2026-08-01  before:2026-09  month:2026-08        after includes its day, before does not
 *
 * Whatever is typed is a search; what is not understood is looked for as words. Linear in its length.
 */
import { day, type Instant, instantFromMilliseconds } from '../../time/instant.ts';
import { wordsOf } from './words.ts';

/** Where words are looked for: everywhere in a posting, or in one field of it. */
export type SearchField = 'anywhere' | 'subject' | 'from';

export type SearchTerm =
  | Readonly<{ kind: 'words'; field: SearchField; words: readonly string[]; prefix: boolean; not: boolean }>
  | Readonly<{ kind: 'mark'; mark: SearchMark; not: boolean }>;

/** What a posting has or has not. */
export type SearchMark = `cve:${string}` | `list:${string}` | `has:${'patch' | 'attachment'}`;

export type SearchQuery = Readonly<{
  /** All must hold. */
  terms: readonly SearchTerm[];
  /** From this instant on. */
  after: Instant | undefined;
  /** Before this one. */
  before: Instant | undefined;
}>;

/** A search costs by its terms; nobody types more. */
const longestQuery = 500;
const mostTerms = 20;

const piece = /(-?)(?:([a-z]+):)?(?:"([^"]*)"?|(\S+))/gi;

export function readSearchQuery(text: string): SearchQuery {
  const terms: SearchTerm[] = [];
  let [after, before]: (Instant | undefined)[] = [];
  for (const [whole, minus, name = '', phrase, bare = ''] of text.slice(0, longestQuery).matchAll(piece)) {
    const value = phrase ?? bare;
    const not = minus === '-';
    const span = not ? undefined : readSpan(value);
    const field = name.toLowerCase();
    if (span && (field === 'after' || field === 'month')) after = latest(after, span.from);
    if (span && (field === 'before' || field === 'month'))
      before = earliest(before, field === 'month' ? span.to : span.from);
    if (span && /^(after|before|month)$/.test(field)) continue;
    const term = readTerm(field, value, not) ?? readWords('anywhere', whole.replace(/^-/, ''), not);
    if (term && terms.length < mostTerms) terms.push(term);
  }
  return { terms, after, before };
}

function readTerm(field: string, value: string, not: boolean): SearchTerm | undefined {
  switch (field) {
    case '':
      return readWords('anywhere', value, not);
    case 'subject':
    case 'from':
      return readWords(field, value, not);
    case 'cve': {
      const id = /^(?:CVE-)?(\d{4}-\d{4,19})$/i.exec(value)?.[1];
      return id === undefined ? undefined : { kind: 'mark', mark: `cve:${id}`, not };
    }
    case 'list':
      return /^[a-z0-9][a-z0-9-]{0,63}$/i.test(value)
        ? { kind: 'mark', mark: `list:${value.toLowerCase()}`, not }
        : undefined;
    case 'has':
      return value === 'patch' || value === 'attachment'
        ? { kind: 'mark', mark: `has:${value}`, not }
        : undefined;
    default:
      return undefined;
  }
}

function readWords(field: SearchField, value: string, not: boolean): SearchTerm | undefined {
  const words = wordsOf(value);
  return words.length === 0
    ? undefined
    : { kind: 'words', field, words, prefix: /[\p{L}\p{N}_]\*$/u.test(value), not };
}

/** A year, month or day, and where it ends. */
function readSpan(text: string): Readonly<{ from: Instant; to: Instant }> | undefined {
  const [, year, month, date] = /^((?:19|20)\d\d)(?:-(\d\d?)(?:-(\d\d?))?)?$/.exec(text) ?? [];
  if (year === undefined) return undefined;
  const [y, m, d] = [Number(year), Number(month ?? 1), Number(date ?? 1)];
  const from = new Date(Date.UTC(y, m - 1, d));
  if (from.getUTCMonth() !== m - 1 || from.getUTCDate() !== d) return undefined;
  const start = instantFromMilliseconds(from.getTime());
  if (date !== undefined) return { from: start, to: instantFromMilliseconds(start + day) };
  const end = month === undefined ? Date.UTC(y + 1, 0, 1) : Date.UTC(y, m, 1);
  return { from: start, to: instantFromMilliseconds(end) };
}

function latest(one: Instant | undefined, other: Instant): Instant {
  return one !== undefined && one > other ? one : other;
}

function earliest(one: Instant | undefined, other: Instant): Instant {
  return one !== undefined && one < other ? one : other;
}
