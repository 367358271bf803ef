import { fieldPrefix } from './index-words.ts';
import type { SearchTerm } from './search-query.ts';

/** A search as the index understands it: quoted words, `<->` for side by side, `:*` for a beginning, `!` for not. */
export function writeSearch(terms: readonly SearchTerm[]): string {
  return terms.map(writeTerm).join(' & ');
}

function writeTerm(term: SearchTerm): string {
  const not = term.not ? '!' : '';
  if (term.kind === 'mark') return `${not}'${term.mark}'`;
  const last = term.words.length - 1;
  const words = term.words.map(
    (word, at) => `'${fieldPrefix[term.field]}${word}'${term.prefix && at === last ? ':*' : ''}`,
  );
  return words.length === 1 ? `${not}${words[0]}` : `${not}(${words.join(' <-> ')})`;
}

/** Whether any term says what must be there; a search for what is not there alone reads everything. */
export function namesSomething(terms: readonly SearchTerm[]): boolean {
  return terms.some(({ not }) => !not);
}
