import type { IndexEntry } from '../../../publication/archive/index-words.ts';

/** A tsvector as PostgreSQL reads it: `'word':1,5 'has:patch'`. Words hold letters, digits, `_`, `:` and `-` only. */
export function writeWords(entries: readonly IndexEntry[]): string {
  return entries
    .map(({ word, places }) => (places.length === 0 ? `'${word}'` : `'${word}':${places.join(',')}`))
    .join(' ');
}
