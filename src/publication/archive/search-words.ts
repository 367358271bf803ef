import { fieldPrefix } from './index-words.ts';
import type { SearchTerm } from './search-query.ts';

/** A search as the index understands it: quoted words, `<->` for side by side, `:*` for a beginning, `!` for not. */
export function writeSearch(terms: readonly SearchTerm[]): string {
  return terms.map((term) => writeTerm(term, ' <-> ')).join(' & ');
}

/**
 * The same as far as the index can tell, which knows no places: all words of each phrase, wherever they stand. What is
 * found so may not be what is searched for; what is not found is not. Empty when nothing is left to look for.
 */
export function writeCandidates(terms: readonly SearchTerm[]): string {
  return terms
    .filter((term) => !(term.not && isPhrase(term)))
    .map((term) => writeTerm(term, ' & '))
    .join(' & ');
}

export function hasPhrase(terms: readonly SearchTerm[]): boolean {
  return terms.some(isPhrase);
}

function isPhrase(term: SearchTerm): boolean {
  return term.kind === 'words' && term.words.length > 1;
}

function writeTerm(term: SearchTerm, between: string): string {
  const not = term.not ? '!' : '';
  if (term.kind === 'mark') return `${not}'${term.mark}'`;
  const last = term.words.length - 1;
  const words = term.words.map(
    (word, at) => `'${fieldPrefix[term.field]}${word}'${term.prefix && at === last ? ':*' : ''}`,
  );
  return words.length === 1 ? `${not}${words[0]}` : `${not}(${words.join(between)})`;
}
