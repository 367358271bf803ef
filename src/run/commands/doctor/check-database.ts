import { Client } from 'pg';
import { readClock } from '../../../adapters/clock/clock.ts';
import type { ProcessRole } from '../../../adapters/postgres/names.ts';
import { second } from '../../../time/instant.ts';
import type { Configuration } from '../../config/configuration.ts';
import { databaseAccess } from '../../config/database-access.ts';
import { withServer } from '../../run-server.ts';
import { say } from '../progress.ts';
import { type Finding, fail, ok, warn } from './check.ts';

/** Beyond this, deadlines and signatures are judged wrongly; publication waits (T5). */
const mostClockDifference = 5 * second;

type Facts = Readonly<{
  superuser: boolean;
  bypass: boolean;
  fsync: string;
  synchronous: string;
  checksums: string;
  full_page_writes: string;
  now: Date;
  version: string;
  owned: number;
}>;

const question = `
  SELECT r.rolsuper AS superuser, r.rolbypassrls AS bypass,
         current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS synchronous,
         current_setting('data_checksums') AS checksums, current_setting('full_page_writes') AS full_page_writes,
         clock_timestamp() AS now, current_setting('server_version') AS version,
         (SELECT count(*)::int FROM pg_class c WHERE c.relowner = r.oid) AS owned
    FROM pg_roles r WHERE r.rolname = current_user`;

export async function checkDatabase(configuration: Configuration): Promise<readonly Finding[]> {
  try {
    return await withServer(configuration, { keyholder: false, announce: say }, async () =>
      checkFacts(await factsFor(configuration, 'operator')),
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [fail('database', `cannot be asked: ${reason}`, 'start the server, or run doctor as root')];
  }
}

async function factsFor(configuration: Configuration, role: ProcessRole): Promise<Facts> {
  const client = new Client({
    ...(await databaseAccess(configuration, 'private', role)),
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<Facts>(question);
    const [facts] = rows;
    if (!facts) throw new Error('the role is unknown to the server');
    return facts;
  } finally {
    await client.end();
  }
}

function checkFacts(facts: Facts): readonly Finding[] {
  const difference = Math.abs(facts.now.getTime() - readClock());
  const durable = facts.fsync === 'on' && facts.synchronous !== 'off' && facts.full_page_writes === 'on';
  return [
    ok('database', `PostgreSQL ${facts.version} answers`),
    facts.superuser || facts.bypass || facts.owned > 0
      ? fail(
          'database rights',
          'a process role is superuser, passes row security or owns tables',
          'run init’s SQL again as the server’s administrator',
        )
      : ok('database rights', 'the operator’s role owns nothing and is bound by row security'),
    durable
      ? ok('durability', `fsync on, synchronous_commit ${facts.synchronous}`)
      : fail(
          'durability',
          'an accepted mail could be lost at a power cut',
          'set fsync, full_page_writes and synchronous_commit to on',
        ),
    facts.checksums === 'on'
      ? ok('checksums', 'on')
      : warn(
          'checksums',
          'off, so a damaged disk is not noticed',
          'stop PostgreSQL and run pg_checksums --enable',
        ),
    difference <= mostClockDifference
      ? ok('clock', 'host and database agree')
      : fail('clock', `host and database differ by ${Math.round(difference / second)} s`, 'set both by NTP'),
  ];
}
