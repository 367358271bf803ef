import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { readRights } from '../../../test/attacks/database-rights.ts';
import { privateRights, publicRights } from '../../../test/attacks/rights-matrix.ts';
import { type DatabasePair, databasePair } from '../../../test/stand-ins/database-pair.ts';
import { bothDatabases, everyRow, fillTables, withClient } from '../../../test/stand-ins/filled-tables.ts';
import { assertSchema } from '../../adapters/postgres/assert-schema.ts';
import { readMigrations } from '../../adapters/postgres/migrations.ts';
import { instantFromMilliseconds } from '../../time/instant.ts';
import { journalGuard } from '../keyholder/journal-guard.ts';
import { makeBackup } from './make-backup.ts';
import { examineBackup, restoreBackup } from './restore-backup.ts';

const now = instantFromMilliseconds(Date.UTC(2026, 10, 23, 12));
const keyholder = 'ab'.repeat(32);
let pair: DatabasePair;
let directory: string;
let file: string;

beforeEach(async () => {
  pair = await databasePair();
  await fillTables(pair);
  directory = await mkdtemp(join(tmpdir(), 'rb-'));
  file = join(directory, 'a.backup');
});
afterEach(async () => {
  await pair.drop();
  await rm(directory, { recursive: true });
});

const place = () => ({
  access: pair.superuser,
  rolePrefix: pair.names.rolePrefix,
  keyholder,
  keyholderDirectory: directory,
});
const backUp = () => makeBackup({ ...place(), file, clock: () => now, progress: () => undefined });
async function restore(of = file) {
  const examined = await examineBackup(of, place());
  return restoreBackup(examined, {
    place: place(),
    now,
    progress: () => undefined,
    marker: join(directory, 'marker'),
  });
}
const rows = async () => ({
  private: await everyRow(pair.superuser('private')),
  public: await everyRow(pair.superuser('public')),
});

test('what is restored is what was there, row for row, but for what must not act again', async () => {
  const before = await rows();
  for (const which of bothDatabases)
    for (const [table, found] of Object.entries(before[which]))
      assert.ok(found.length > 0, `${table} is filled`);
  await backUp();
  await withClient(pair.superuser('private'), async (client) => {
    await client.query(`UPDATE cases SET state = 'closed'; DELETE FROM deliveries; DELETE FROM readers`);
  });
  const head = await restore();
  assert.equal(head.generation, 2);
  const { outbox, requests, doors, heartbeats, journal_head, ...same } = (await rows()).private;
  for (const [table, found] of Object.entries(same)) assert.deepEqual(found, before.private[table], table);
  assert.deepEqual((await rows()).public, before.public);
  assert.deepEqual([doors, heartbeats], [[], []]);
  assert.ok(requests?.every((row) => row.includes('refused')));
  assert.equal(outbox?.length, 3);
  assert.ok(outbox.every((row) => row.includes('uncertain')));
  assert.match(String(journal_head), /^\(t,2,1,/);
  assert.deepEqual(await journalGuard(join(directory, 'journal-head')).remembered(), {
    ...head,
    head: Buffer.from(head.head),
  });
  await assert.rejects(stat(join(directory, 'marker')));
});

test('rights, row security and counters are those of a schema that was migrated', async () => {
  await backUp();
  await restore();
  for (const [which, matrix] of [
    ['private', privateRights],
    ['public', publicRights],
  ] as const) {
    await withClient(pair.superuser(which), async (client) => {
      const databases = {
        [pair.names.privateDatabase]: 'private',
        [pair.names.publicDatabase]: 'public',
      };
      assert.deepEqual(await readRights(client, pair.names.rolePrefix, databases), matrix);
      const loose = await client.query(
        `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
          AND (NOT relrowsecurity OR NOT relforcerowsecurity OR relowner::regrole::text <> $1)`,
        [`${pair.names.rolePrefix}owner`],
      );
      assert.deepEqual(loose.rows, []);
      await assertSchema(client, which);
    });
  }
  await withClient(pair.as('sender'), (client) =>
    client.query(
      `INSERT INTO deliveries (outbox_id, at, kind, code, reason) VALUES ('row-1', now(), 'sent', 250, '')`,
    ),
  );
});

test('a generation is never used twice, whoever remembers it', async () => {
  await backUp();
  assert.equal((await restore()).generation, 2);
  assert.equal((await restore()).generation, 3, 'as the keyholder remembers');
  await rm(join(directory, 'journal-head'));
  assert.equal((await restore()).generation, 4, 'as the database remembers');
  assert.ok((await readdir(directory)).includes('journal-head.before-generation-3'));
});

test('a restore that ends between the databases and the keyholder is to be run again, and then holds', async () => {
  await backUp();
  await mkdir(join(directory, 'restore-note'));
  await assert.rejects(restore());
  assert.equal(await readFile(join(directory, 'marker'), 'utf8'), `${file}\n`);
  await rm(join(directory, 'restore-note'), { recursive: true });
  assert.equal((await restore()).generation, 3);
  await assert.rejects(stat(join(directory, 'marker')));
});

/** Changes the lines of the backup, and writes it with a trailer that fits, or not. */
async function changed(change: (lines: string[]) => string[], honest: boolean): Promise<string> {
  const lines = gunzipSync(await readFile(file))
    .toString()
    .split('\n')
    .slice(0, -1);
  const body = change(lines.slice(0, -1));
  const trailer = JSON.parse(lines.at(-1) ?? '');
  const text = body.map((line) => `${line}\n`).join('');
  if (honest) trailer.sha256 = createHash('sha256').update(text).digest('hex');
  const other = join(directory, 'other.backup');
  await writeFile(other, gzipSync(`${text}${JSON.stringify(trailer)}\n`));
  return other;
}
const header = (change: (header: Record<string, never>) => unknown) => (lines: string[]) => {
  const [first = '', ...rest] = lines;
  return [JSON.stringify(change(JSON.parse(first))), ...rest];
};
const nextMigration = { name: '9999-later', digest: 'c'.repeat(64) };

test('a damaged, cut, foreign, newer or other installation’s file is refused with nothing changed', async () => {
  await backUp();
  const before = await rows();
  const whole = await readFile(file);
  const flipped = Buffer.from(whole);
  flipped[Math.floor(whole.length / 2)] = (flipped[Math.floor(whole.length / 2)] ?? 0) ^ 1;
  const raw = async (bytes: Buffer) => {
    const other = join(directory, 'raw.backup');
    await writeFile(other, bytes);
    return other;
  };
  const cases: readonly (readonly [() => Promise<string>, RegExp])[] = [
    [() => raw(flipped), /The backup is damaged/],
    [() => raw(whole.subarray(0, -30)), /damaged: (it is cut|its end is missing)/],
    [() => raw(gzipSync(gunzipSync(whole).subarray(0, -40))), /damaged: its last line is cut/],
    [() => raw(Buffer.concat([whole, gzipSync('["x"]\n')])), /damaged: something follows its end/],
    [() => raw(Buffer.from('PGDMP dump of something')), /no backup that `embargod backup` made/],
    [() => raw(gzipSync('{"format":"other"}\n')), /no backup that/],
    [() => raw(Buffer.alloc(0)), /damaged/],
    [() => changed((lines) => lines.slice(0, -1), false), /it is not what was written/],
    [
      () => changed((lines) => lines.filter((line) => !line.startsWith('[')), true),
      /it is not what was written/,
    ],
    [
      () =>
        changed(
          header((one) => ({ ...one, version: 2 })),
          true,
        ),
      /format 2; this program reads up to 1/,
    ],
    [
      () =>
        changed(
          header((one) => ({ ...one, keyholder: 'cd'.repeat(32) })),
          true,
        ),
      /belongs to other keys/,
    ],
    [
      () =>
        changed(
          header((one) => withMigrations(one, (all) => [...all, nextMigration])),
          true,
        ),
      /schema \d+ of the private database; this program knows up to \d+/,
    ],
    [
      () =>
        changed(
          header((one) => withMigrations(one, (all) => all.map(() => nextMigration))),
          true,
        ),
      /made by another migration 9999-later/,
    ],
    [
      () =>
        changed((lines) => lines.map((line) => line.replace('"table":"cases"', '"table":"pg_class"')), true),
      /damaged/,
    ],
    [
      () =>
        changed(
          header((one) => ({ ...one, journal: { generation: 1, size: 9, head: 'e'.repeat(64) } })),
          true,
        ),
      /journal is not the one that its header names/,
    ],
  ];
  for (const [make, pattern] of cases) await assert.rejects(restore(await make()), pattern);
  assert.deepEqual(await rows(), before);
  assert.deepEqual(
    (await readdir(directory)).filter((name) => !name.endsWith('.backup')),
    [],
    'no marker, and nothing told to the keyholder',
  );
});

function withMigrations(
  header: Record<string, unknown>,
  change: (all: readonly unknown[]) => readonly unknown[],
): unknown {
  const { migrations } = header as { migrations: { private: unknown[]; public: unknown[] } };
  return { ...header, migrations: { ...migrations, private: change(migrations.private) } };
}

test('a backup that cannot be written to its end leaves no file', async () => {
  const failing = {
    ...place(),
    file,
    clock: () => now,
    progress: (done: number) => {
      if (done > 3) throw new Error('the disk is full');
    },
  };
  await assert.rejects(makeBackup(failing), /the disk is full/);
  assert.deepEqual(await readdir(directory), []);
});

test('a role that row security binds cannot make a backup that lacks rows: it makes none', async () => {
  const bound = {
    ...place(),
    access: () => pair.as('keyholder'),
    file,
    clock: () => now,
    progress: () => undefined,
  };
  await assert.rejects(makeBackup(bound), { code: '42501' });
  assert.deepEqual(await readdir(directory), []);
});

test('the migrations that a backup names are those of this program', async () => {
  await backUp();
  const { header } = await examineBackup(file, place());
  for (const which of bothDatabases)
    assert.deepEqual(
      header.migrations[which],
      readMigrations(which).map(({ name, digest }) => ({ name, digest })),
    );
});
