/**
 * Statements that come again and again are prepared once on each connection: the server then parses and plans them no more,
 * which is a third of what a short one costs it.
 */
import { createHash } from 'node:crypto';
import type { PoolClient } from 'pg';

/** Each takes memory on every connection, and texts that differ by the number of their rows would never end. */
const maximumPrepared = 128;
/** What writes hundreds of rows at once is seldom the same twice. */
const longestPrepared = 2_048;

/** Gives names to the statements of a pool's connections. Names are shared, as each process runs the same few texts. */
export function statementNames(): (text: string) => string | undefined {
  const names = new Map<string, string>();
  return (text) => {
    const known = names.get(text);
    if (known !== undefined) return known;
    if (names.size >= maximumPrepared || text.length > longestPrepared) return undefined;
    if (!/^(?:select|insert|update) /i.test(text)) return undefined;
    const name = createHash('sha256').update(text).digest('hex').slice(0, 32);
    names.set(text, name);
    return name;
  };
}

/** From now on `client.query(TEXT, VALUES)` prepares what has a name; every other form is as it was. */
export function prepareRepeated(client: PoolClient, nameOf: (text: string) => string | undefined): void {
  const plain: (...args: readonly unknown[]) => unknown = client.query.bind(client);
  const query = (...args: readonly unknown[]) => {
    const [text, values] = args;
    const name = typeof text === 'string' && args.length === 2 ? nameOf(text) : undefined;
    return name === undefined ? plain(...args) : plain({ name, text, values });
  };
  Object.assign(client, { query });
}
