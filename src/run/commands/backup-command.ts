import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readClock } from '../../adapters/clock/clock.ts';
import type { Answer } from '../../message/requests/request.ts';
import { formatInstant } from '../../time/instant.ts';
import { databaseAdministrator, keyholderDigest } from '../backup/database-administrator.ts';
import { makeBackup } from '../backup/make-backup.ts';
import type { Configuration } from '../config/configuration.ts';
import { withServer } from '../run-server.ts';
import { progressBar, say } from './progress.ts';

export async function backUp(
  configuration: Configuration,
  { to, database }: Readonly<{ to: string; database: string | undefined }>,
): Promise<Answer> {
  const file = resolve(to);
  if (await isThere(file)) {
    return { kind: 'refused', reason: `${file} is there already; name a new file, or remove it first.` };
  }
  return withServer(configuration, { keyholder: false, announce: say }, async () => {
    const bar = progressBar('Backup');
    try {
      const made = await makeBackup({
        file,
        access: await databaseAdministrator(configuration, database),
        keyholder: await keyholderDigest(configuration),
        clock: readClock,
        progress: bar.to,
      });
      bar.end();
      const at = formatInstant(made.at);
      return {
        kind: 'done',
        text: [
          `${file}: ${made.rows} rows, ${Math.ceil(made.bytes / 1_024)} KiB, as of ${at}, ${made.size} journal entries.`,
          'No key is in it. Back up the keys apart from it, or nobody opens it: embargod key export',
        ],
        data: { file, bytes: made.bytes, rows: made.rows, at, journal: made.size },
      };
    } finally {
      bar.end();
    }
  });
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
