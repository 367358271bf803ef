/** At least one row in every table of both databases, by their own stores where there is one, else by hand. */
import { Client, type ClientConfig, escapeIdentifier } from 'pg';
import { openArchiveWriter } from '../../src/adapters/postgres/archive/open-archive.ts';
import type { Which } from '../../src/adapters/postgres/names.ts';
import { openPrivateStore } from '../../src/adapters/postgres/private-store.ts';
import type { DatabasePair } from './database-pair.ts';
import {
  address,
  at,
  bodyRow,
  bytes,
  copyRow,
  epoch,
  inboxRow,
  readerRow,
  stepAfter,
} from './database-rows.ts';
import { newPosting } from './postings.ts';

export async function withClient<T>(config: ClientConfig, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(config);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Odd values are among them: a quote, a backslash, an empty text, bytes of every value, an array with a comma. */
export async function fillTables(pair: DatabasePair): Promise<void> {
  const store = openPrivateStore(pair.as('keyholder'));
  try {
    const after = await store.journalHead();
    const row = inboxRow({ id: 'mail-1' });
    await withClient(pair.superuser('private'), async (client) => {
      await client.query('INSERT INTO epochs VALUES ($1)', [epoch]);
      await client.query(`INSERT INTO heartbeats VALUES ('keyholder', 'one', now(), now(), '0.1.0')`);
      await client.query(
        `INSERT INTO key_lookups VALUES ('alice', 'alice@debian.example', now(), now(), 'found', 'x', NULL)`,
      );
      await client.query(
        `INSERT INTO inbox (id, received_at, lists, epoch, size_class, sealed) VALUES ($1, now(), $2, $3, 12, $4)`,
        [
          row.id,
          ['linux-distros', 'distros'],
          epoch,
          Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
        ],
      );
      await client.query(`INSERT INTO inbox_attempts VALUES ('mail-1', 2)`);
      await client.query(`INSERT INTO requests (id, sealed) VALUES ('request-1', 'x')`);
    });
    await store.commit(
      stepAfter(after, {
        cases: [{ number: 'VS-2026-0042', list: 'linux-distros', openedAt: at, state: 'open' }],
        bodies: [bodyRow('body-1')],
        permits: [{ id: 'permit-1', document: bytes('d'), signature: bytes('s') }],
        outbox: [
          copyRow('body-1', 'alice', { id: 'row-1' }),
          copyRow('body-1', 'bob', { id: 'row-2', state: 'parked' }),
          {
            ...copyRow('body-1', 'rita', { id: 'row-3' }),
            caseNumber: undefined,
            content: { kind: 'notice', template: 'receipt', parameters: { list: 'linux-"distros\\' } },
          },
        ],
        readers: [readerRow('alice'), readerRow('bob')],
        doors: [
          {
            list: 'linux-distros',
            kind: 'private',
            storageCertificate: bytes('c'),
            epoch,
            signature: bytes('s'),
          },
        ],
        obligationsOpened: [
          {
            id: 'o-1',
            kind: 'publish',
            list: 'linux-distros',
            subject: 'VS-2026-0042',
            owner: address('alice@members.example'),
            openedAt: at,
            dueAt: at,
          },
        ],
      }),
    );
  } finally {
    await store.close();
  }
  await withClient(pair.superuser('private'), (client) =>
    client.query(
      `INSERT INTO deliveries (outbox_id, at, kind, code, reason) VALUES ('row-1', now(), 'deferred', 451, '')`,
    ),
  );
  await withClient(pair.superuser('public'), (client) =>
    client.query(`INSERT INTO heartbeats VALUES ('public-keeper', 'one', now(), now(), '0.1.0');
      INSERT INTO lists VALUES ('oss-security', 'public', 'o@x.example', '', NULL, now());
      INSERT INTO inbox (id, received_at, kind, lists, envelope, raw) VALUES ('p-1', now(), 'mail', '{}', '{}', '\\x00ff');
      INSERT INTO requests (id, statement, signature) VALUES ('r-1', '{"a": "\\\\"}', decode(repeat('00', 64), 'hex'));
      INSERT INTO moderation_decisions VALUES ('p-1', 'r-1', 'refused', 'operator', now(), 'It''s "spam"');
      INSERT INTO known_authors VALUES ('oss-security', 'a@x.example', now(), 'p-1');
      INSERT INTO attempts VALUES ('p-1', 2)`),
  );
  const archive = openArchiveWriter(pair.as('public_keeper', 'public'));
  const posting = { id: 'a@x.example', answers: ['b@x.example'], text: `It's CVE-2026-1234: \\ "a", \0` };
  await archive.add('oss-security', [await newPosting('oss-security', '2026-08-24T10:00:00Z', posting)], at);
  await archive.close();
}

/** Every row of every table but the version's own, as text, sorted. */
export async function everyRow(config: ClientConfig): Promise<Readonly<Record<string, readonly string[]>>> {
  return withClient(config, async (client) => {
    const tables = await client.query(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
        AND relname <> 'schema_version' ORDER BY 1`,
    );
    const found: [string, readonly string[]][] = [];
    for (const { name } of tables.rows) {
      const { rows } = await client.query(
        `SELECT t::text AS row FROM ${escapeIdentifier(name)} t ORDER BY 1`,
      );
      found.push([name, rows.map(({ row }) => row)]);
    }
    return Object.fromEntries(found);
  });
}

export const bothDatabases: readonly Which[] = ['private', 'public'];
