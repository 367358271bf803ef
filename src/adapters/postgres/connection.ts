/** Connections to one database: a pool with typed queries, and single connections for work that holds row locks. */
import { Kysely, PostgresDialect } from 'kysely';
import { Pool, type PoolClient, type PoolConfig, types } from 'pg';
import { prepareRepeated, statementNames } from './prepared.ts';

export type Connection<Tables> = Readonly<{
  /** For work that holds row locks. Apart from `query`'s, as such work also needs the other: sharing would deadlock. */
  heldPool: Pool;
  query: Kysely<Tables>;
  close: () => Promise<void>;
}>;

const int8 = 20;

const readTypes: PoolConfig['types'] = {
  getTypeParser: (oid, format) => (oid === int8 ? Number : types.getTypeParser(oid, format)),
};

/** Connects lazily. A lost connection ends no process: whoever used it gets the error, an idle one is replaced. */
export function openConnection<Tables>(config: PoolConfig): Connection<Tables> {
  const pool = openPool(config);
  const heldPool = openPool(config);
  return {
    heldPool,
    query: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }),
    close: async () => {
      await Promise.all([pool.end(), heldPool.end()]);
    },
  };
}

function openPool(config: PoolConfig): Pool {
  const pool = new Pool({
    max: 8,
    ...config,
    types: readTypes,
    options: `${config.options ?? ''} -c timezone=UTC`,
  });
  pool.on('error', () => undefined);
  const nameOf = statementNames();
  pool.on('connect', (client) => prepareRepeated(client, nameOf));
  // The pool listens only while a connection is idle; one that is lost in the middle of a transaction would end us.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

export type Held<Tables> = Readonly<{
  query: Kysely<Tables>;
  /** False once the connection is lost, and with it every row lock it held. */
  alive: () => boolean;
}>;

/** Work on one connection of its own, which says when it is lost. */
export async function withHeldConnection<Tables, T>(
  connection: Connection<Tables>,
  work: (held: Held<Tables>) => Promise<T>,
): Promise<T> {
  const client = await connection.heldPool.connect();
  let alive = true;
  const lost = () => {
    alive = false;
  };
  client.once('error', lost);
  client.once('end', lost);
  try {
    return await work({ query: queryOver<Tables>(client), alive: () => alive });
  } finally {
    client.removeListener('error', lost);
    client.removeListener('end', lost);
    client.release(!alive);
  }
}

/** Kysely over one client, which stays ours: releasing is `withHeldConnection`'s. */
function queryOver<Tables>(client: PoolClient): Kysely<Tables> {
  const lent = { query: client.query.bind(client), release: () => undefined };
  const pool = { connect: async () => lent, end: async () => undefined, options: {} };
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}
