import type { PoolConfig } from 'pg';
import { roleName } from '../../adapters/postgres/names.ts';
import type { Answer } from '../../message/requests/request.ts';
import { importArchive } from '../archive/import-archive.ts';
import { databaseAdministrator } from '../backup/database-administrator.ts';
import type { Configuration } from '../config/configuration.ts';
import { databaseNames } from '../config/database-access.ts';
import { withServer } from '../run-server.ts';
import { progressBar, say } from './progress.ts';

export async function archiveImport(
  configuration: Configuration,
  { list, path, database }: Readonly<{ list: string; path: string; database: string | undefined }>,
): Promise<Answer> {
  return withServer(configuration, { keyholder: false, announce: say }, async () => {
    const bar = progressBar('Import');
    try {
      const access = await keeperAccess(configuration, database);
      return await importArchive({ list, path, access, progress: bar.to });
    } finally {
      bar.end();
    }
  });
}

/** The administrator's way in, and from the first statement on the rights of public-keeper. */
async function keeperAccess(configuration: Configuration, database: string | undefined): Promise<PoolConfig> {
  const administrator = await databaseAdministrator(configuration, database);
  const role = roleName(databaseNames(configuration).rolePrefix, 'public_keeper');
  return { ...administrator('public'), options: `-c role=${role}` };
}
