import { type Kysely, sql } from 'kysely';
import type { Place } from '../../../publication/archive/archive-port.ts';
import { monthMark, yearMark } from '../../../publication/archive/index-words.ts';
import type { SearchQuery } from '../../../publication/archive/search-query.ts';
import { formatInstant, type Instant } from '../../../time/instant.ts';
import type { PublicTables } from '../tables.ts';

/** Postings that the first stretch holds, about. */
const firstStretch = 1_000;
/** Who finds less than a page in a thousand finds, in as many times more, two thousand short rows at most: under a millisecond. */
const growth = 64;
/** Most searches end in the first stretch; who needs older ones reads all that there are. */
const firstMonths = 6;

/** Stretches of months that may hold hits, the newest first, each as a search for its marks. */
export async function* searchStretches(
  query: Kysely<PublicTables>,
  list: string,
  { after, before }: SearchQuery,
  place: Place | undefined,
): AsyncGenerator<string> {
  const oldest = after === undefined ? '' : monthOf(after);
  const newest =
    [before, place?.at].flatMap((at) => (at === undefined ? [] : [monthOf(at)])).sort()[0] ?? '9999-12';
  let held: string[] = [];
  let postings = 0;
  let size = firstStretch;
  for await (const month of monthsOf(query, list, { oldest, newest })) {
    held.push(month.month);
    postings += month.postings;
    if (postings < size) continue;
    yield marksOf(held);
    [held, postings, size] = [[], 0, size * growth];
  }
  if (held.length > 0) yield marksOf(held);
}

function monthOf(at: Instant): string {
  return formatInstant(at).slice(0, 7);
}

/** A whole year by its own mark: the last stretch of an old archive would else be a search for two hundred months. */
function marksOf(months: readonly string[]): string {
  const years = Map.groupBy(months, (month) => month.slice(0, 4));
  const marks = [...years].flatMap(([year, of]) =>
    of.length === 12 ? [yearMark(year)] : of.map((month) => monthMark(month)),
  );
  return `(${marks.map((mark) => `'${mark}'`).join(' | ')})`;
}

type Counted = Readonly<{ month: string; postings: number }>;

async function* monthsOf(
  query: Kysely<PublicTables>,
  list: string,
  { oldest, newest }: Readonly<{ oldest: string; newest: string }>,
): AsyncGenerator<Counted> {
  const name = sql<string>`to_char(month, 'YYYY-MM')`;
  const months = query
    .selectFrom('archive_months')
    .select(['postings', name.as('month')])
    .where('list', '=', list)
    .where('month', '<=', sql<Date>`${`${newest}-01`}::date`)
    .orderBy('month', 'desc');
  const isWanted = ({ month }: Counted) => month >= oldest;
  const first = await months.limit(firstMonths).execute();
  yield* first.filter(isWanted);
  if (first.length < firstMonths || !first.every(isWanted)) return;
  const rest = await months.offset(firstMonths).execute();
  yield* rest.filter(isWanted);
}
