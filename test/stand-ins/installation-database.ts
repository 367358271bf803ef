import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClientConfig } from 'pg';

/** To look at the private database of an installation, as its superuser. */
export async function superuserOf(data: string): Promise<ClientConfig> {
  const host = await readFile(join(data, 'run/database-socket'), 'utf8');
  return { host: host.trim(), user: 'postgres', database: 'embargod_private' };
}
