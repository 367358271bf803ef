import type { Compilable, Kysely } from 'kysely';
import type { PublicTables } from '../tables.ts';

/**
 * A statement of every page, put together once: that takes as long as a page's text. What stands in it for a parameter is
 * replaced each time, in the order in which they come in its text.
 */
export function builtOnce<Row>(
  query: Kysely<PublicTables>,
  statement: Compilable<Row>,
): (...parameters: readonly unknown[]) => Promise<readonly Row[]> {
  const compiled = statement.compile();
  return async (...parameters) => (await query.executeQuery<Row>({ ...compiled, parameters })).rows;
}
