import { Client, type PoolConfig } from 'pg';
import { assertSchema } from '../adapters/postgres/assert-schema.ts';
import type { ProcessRole, Which } from '../adapters/postgres/names.ts';
import type { Configuration } from './config/configuration.ts';
import { databaseAccess } from './config/database-access.ts';

/** How a process reaches a database, once the schema there is the one this program was written for (B8). */
export async function processDatabase(
  configuration: Configuration,
  which: Which,
  role: ProcessRole,
): Promise<PoolConfig> {
  const access = await databaseAccess(configuration, which, role);
  const client = new Client(access);
  await client.connect();
  try {
    await assertSchema(client, which);
  } finally {
    await client.end();
  }
  return access;
}
