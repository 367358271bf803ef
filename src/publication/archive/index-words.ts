import { formatInstant } from '../../time/instant.ts';
import type { NewPosting } from './posting.ts';
import { mostWords, wordsOf } from './words.ts';

/** A word or mark of the index, with its places in the posting, from 1; marks have none. */
export type IndexEntry = Readonly<{ word: string; places: readonly number[] }>;

/** PostgreSQL keeps places up to 16,383 and 256 for each word; more would be dropped there. */
const lastPlace = 16_383;
const mostPlaces = 256;

/** Before a word in a field of its own. A colon is in no word. */
export const fieldPrefix = { anywhere: '', subject: 's:', from: 'f:' } as const;

/** Which month (`2026-08`) and year a posting is of, as marks: a search walks the archive by them, newest first. */
export function monthMark(month: string): string {
  return `month:${month}`;
}

export function yearMark(year: string): string {
  return `year:${year}`;
}

type Indexed = Pick<
  NewPosting,
  'list' | 'postedAt' | 'subject' | 'authorName' | 'authorAddress' | 'cveIds' | 'hasPatch' | 'parts'
>;

/** Everything that a search may ask of a posting. */
export function indexWords(posting: Indexed): readonly IndexEntry[] {
  const found = new Map<string, number[]>();
  let room = mostBytes;
  const add = (prefix: string, words: readonly string[], from: number) => {
    for (const [at, word] of words.entries()) {
      const key = prefix + word;
      const places = found.get(key);
      const place = Math.min(from + at, lastPlace);
      if (!places) {
        room -= sizeOf(key);
        if (room >= 0) found.set(key, [place]);
      } else if (places.length < mostPlaces) places.push(place);
    }
    return from + words.length + gap;
  };
  const { subject, authorName = '', authorAddress = '' } = posting;
  const author = wordsOf(`${authorName} ${authorAddress}`);
  add(fieldPrefix.subject, wordsOf(subject), 1);
  add(fieldPrefix.from, author, 1);
  let next = add('', wordsOf(subject), 1);
  next = add('', author, next);
  let left = mostWords;
  for (const { text, name } of posting.parts) {
    const words = wordsOf(`${name ?? ''} ${text ?? ''}`, left);
    next = add('', words, next);
    left -= words.length;
    if (left <= 0) break;
  }
  const marks = [
    `list:${posting.list}`,
    monthMark(formatInstant(posting.postedAt).slice(0, 7)),
    yearMark(formatInstant(posting.postedAt).slice(0, 4)),
    ...posting.cveIds.map((id) => `cve:${id.slice('CVE-'.length)}`),
    ...(posting.hasPatch ? ['has:patch'] : []),
    ...(posting.parts.some(isFile) ? ['has:attachment'] : []),
  ];
  return [
    ...[...found].map(([word, places]) => ({ word, places })),
    ...marks.map((word) => ({ word, places: [] })),
  ];
}

/** PostgreSQL refuses a posting whose words take more than 1 MB, places included (SQLSTATE 54000). */
const mostBytes = 512 * 1024;

/** At most, in UTF-8. */
function sizeOf(word: string): number {
  return /^[ -~]*$/.test(word) ? word.length : word.length * 3;
}

/** Between one text and the next: no phrase goes across. */
const gap = 10;

function isFile({ name, text }: NewPosting['parts'][number]): boolean {
  return name !== undefined || text === undefined;
}
