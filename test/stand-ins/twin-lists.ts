/**
 * Two running lists with the same keys, settings and public side, each with its intake, keyholder, public-keeper and
 * public site: what happens to one of them later is the only difference (I9). The second is a copy of the first, row by
 * row and key by key, made before anybody is on either.
 */
import { join } from 'node:path';
import { Client } from 'pg';
import type { Log } from '../../src/adapters/log/log.ts';
import type { Which } from '../../src/adapters/postgres/names.ts';
import { openPublicKeeperStore, openPublicReader } from '../../src/adapters/postgres/public-store.ts';
import { startPublicKeeper } from '../../src/run/public-keeper.ts';
import { startPublicSite } from '../../src/run/public-site.ts';
import { address } from './community.ts';
import type { DatabasePair } from './database-pair.ts';
import { type FoundedList, type Founding, foundedList } from './founded-list.ts';
import { listDomain, type RunningList, runningList } from './running-list.ts';

export type PublicSide = Readonly<{ sitePort: number; stop: () => Promise<void> }>;

export type Twins = Readonly<{
  first: FoundedList;
  /** The same people and keyring; `join`, `order` and `send` act on the second list. */
  second: FoundedList;
  sites: Readonly<{ first: number; second: number }>;
  close: () => Promise<void>;
}>;

export async function twinLists(founding: Founding): Promise<Twins> {
  const first = await foundedList(founding);
  await first.settle();
  const copied = await runningList({
    ...founding,
    keyholder: join(first.directory, 'keyholder'),
    prepare: (databases) => copyRows(first.databases, databases),
  });
  const second = withPeopleOf(first, copied);
  const [one, two] = [await publicSide(first), await publicSide(second)];
  return {
    first,
    second,
    sites: { first: one.sitePort, second: two.sitePort },
    close: async () => {
      await Promise.all([one.stop(), two.stop()]);
      await copied.close();
      await first.close();
    },
  };
}

function withPeopleOf(people: FoundedList, list: RunningList): FoundedList {
  return {
    ...people,
    ...list,
    join: async (member, name, person) => {
      await list.order({ kind: 'member-add', name: member, lists: [name], products: [] });
      const certificate = await people.publicKey(person);
      await list.order({ kind: 'representative-add', member, address: address(person.address), certificate });
    },
  };
}

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, setLevel: () => {} };

async function publicSide(list: RunningList): Promise<PublicSide> {
  const keeper = startPublicKeeper({
    store: openPublicKeeperStore(list.databases.as('public_keeper', 'public')),
    domain: listDomain,
    operator: list.operatorPin,
    clock: list.now,
    log: silent,
  });
  const reader = openPublicReader(list.databases.as('public_site', 'public'));
  const publicSite = { url: `https://${listDomain}`, listen: [{ host: '127.0.0.1', port: 0 }] };
  const site = await startPublicSite({ domain: listDomain, demo: false, publicSite }, reader, silent);
  return {
    sitePort: site.listening[0]?.port ?? 0,
    stop: async () => {
      await Promise.all([site.stop(), keeper.stop()]);
    },
  };
}

/** Every row of both databases, as it stands; what the schema itself put in is replaced. */
async function copyRows(from: DatabasePair, to: DatabasePair): Promise<void> {
  for (const which of ['private', 'public'] as const) await copyDatabase(from, to, which);
}

async function copyDatabase(from: DatabasePair, to: DatabasePair, which: Which): Promise<void> {
  const [source, target] = [new Client(from.superuser(which)), new Client(to.superuser(which))];
  await Promise.all([source.connect(), target.connect()]);
  try {
    // References are whole in the source, and need no check of ours.
    await target.query('SET session_replication_role = replica');
    const { rows: tables } = await source.query<{ name: string }>(
      `SELECT quote_ident(relname) AS name FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'schema_version'`,
    );
    for (const { name } of tables) {
      const { rows } = await source.query(`SELECT coalesce(json_agg(t), '[]')::text AS json FROM ${name} t`);
      await target.query(`DELETE FROM ${name}`);
      await target.query(
        `INSERT INTO ${name} OVERRIDING SYSTEM VALUE SELECT * FROM json_populate_recordset(NULL::${name}, $1)`,
        [rows[0]?.json],
      );
    }
  } finally {
    await Promise.all([source.end(), target.end()]);
  }
}
