/** What of an archive a bench asks for: postings, words rare and common, months, authors; the same every time. */

import { readPosting } from '../../../src/publication/archive/read-posting.ts';
import { wordsOf } from '../../../src/publication/archive/words.ts';
import { formatInstant } from '../../../src/time/instant.ts';

export type ArchiveSample = Readonly<{
  postings: number;
  /** Of the mailbox file. */
  bytes: number;
  /** Message-IDs, without brackets. */
  ids: readonly string[];
  /** One of the longest thread. */
  long: string;
  rare: readonly string[];
  common: readonly string[];
  /** `2011-01`. */
  months: readonly string[];
  authors: readonly string[];
}>;

export type Sampler = Readonly<{ take: (raw: Uint8Array) => void; sample: () => ArchiveSample }>;

/** Of larger archives every fiftieth: reading all of them would take longer than the import. */
const readWhole = 6_000;
const thenEach = 50;
/** Known to few postings: in a sample of all of them. */
const rareIn: readonly [number, number] = [2, 5];
const mostCommon = 25;
/** Of messages, in which a word is no word to search for. */
const inAlmostAll = 0.75;
const most = 200;

export function sampler(): Sampler {
  const [ids, roots, months, authors, words] = [
    [] as string[],
    new Map<string, number>(),
    new Map<string, number>(),
    new Map<string, number>(),
    new Map<string, number>(),
  ];
  let [postings, bytes, read] = [0, 0, 0];
  const note = (raw: Uint8Array) => {
    const { id, answers, author, writtenAt, parts } = readPosting(raw);
    if (id === undefined || !/^<[\w@.+=$~!-]+>$/.test(id)) return;
    read += 1;
    ids.push(id.slice(1, -1));
    count(roots, answers[0] ?? id);
    if (writtenAt !== undefined) count(months, formatInstant(writtenAt).slice(0, 7));
    if (author) count(authors, author.address);
    for (const word of new Set(parts.flatMap(({ shown }) => wordsOf(shown?.text ?? '')))) count(words, word);
  };
  return {
    take: (raw) => {
      postings += 1;
      bytes += raw.length;
      if (postings <= readWhole || postings % thenEach === 0) note(raw);
    },
    sample: () => {
      const byCount = frequent(words);
      const known = new Set(ids);
      return {
        postings,
        bytes,
        ids: evenly(ids, most),
        long:
          frequent(roots)
            .find(([id]) => known.has(id.slice(1, -1)))?.[0]
            .slice(1, -1) ?? '',
        rare: evenly(
          byCount
            .filter(([word, in_]) => in_ >= rareIn[0] && in_ <= rareIn[1] && /[a-z]_[a-z]/.test(word))
            .map(([word]) => word),
          most,
        ),
        common: byCount
          .filter(([word, in_]) => in_ < inAlmostAll * read && /^[a-z]{4,14}$/.test(word))
          .slice(0, mostCommon)
          .map(([word]) => word),
        months: evenly(
          frequent(months)
            .filter(([, in_]) => in_ >= 10)
            .map(([month]) => month)
            .sort(),
          60,
        ),
        authors: frequent(authors)
          .slice(0, 30)
          .map(([address]) => address),
      };
    },
  };
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function frequent(counts: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  return [...counts].toSorted(([one, left], [other, right]) => right - left || (one < other ? -1 : 1));
}

function evenly<T>(values: readonly T[], wanted: number): readonly T[] {
  const step = Math.max(1, Math.floor(values.length / wanted));
  return values.filter((_, at) => at % step === 0).slice(0, wanted);
}
