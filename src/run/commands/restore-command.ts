import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { readClock } from '../../adapters/clock/clock.ts';
import type { Answer } from '../../message/requests/request.ts';
import { describeLoss } from '../../message/restore/describe-loss.ts';
import { formatInstant } from '../../time/instant.ts';
import { databaseAdministrator, keyholderDigest } from '../backup/database-administrator.ts';
import { type Examined, examineBackup, restoreBackup } from '../backup/restore-backup.ts';
import { restoreMarker } from '../backup/unfinished-restore.ts';
import type { Configuration } from '../config/configuration.ts';
import { databaseNames } from '../config/database-access.ts';
import { startEmbeddedDatabase } from '../embedded-database.ts';
import { provisionEmbedded } from '../init/make-databases.ts';
import { noteServer, runningServer } from '../server-state.ts';
import { type RestoreOptions, serverProcessNames } from './deed.ts';
import { progressBar, say } from './progress.ts';

export async function restoreFrom(configuration: Configuration, options: RestoreOptions): Promise<Answer> {
  const running = await runningServer(configuration, serverProcessNames);
  if (running !== undefined) {
    const reason = `The server runs here (process ${running}): stop it first. Nothing was changed.`;
    return { kind: 'refused', reason };
  }
  const file = resolve(options.file);
  const examined = await examineBackup(file, {
    keyholder: await keyholderDigest(configuration),
    keyholderDirectory: configuration.directory.keyholder,
  });
  for (const line of lossLines(examined)) say(line);
  if (!options.yes && !(await typedConfirmation())) {
    return { kind: 'refused', reason: 'Nothing was changed: a restore wants the word typed, or --yes.' };
  }
  return withDatabase(configuration, () => restore(configuration, options, examined));
}

async function restore(
  configuration: Configuration,
  { database }: RestoreOptions,
  examined: Examined,
): Promise<Answer> {
  const bar = progressBar('Restore');
  try {
    const head = await restoreBackup(examined, {
      place: {
        access: await databaseAdministrator(configuration, database),
        rolePrefix: databaseNames(configuration).rolePrefix,
        keyholder: await keyholderDigest(configuration),
        keyholderDirectory: configuration.directory.keyholder,
      },
      now: readClock(),
      progress: bar.to,
      marker: restoreMarker(configuration),
    });
    bar.end();
    return {
      kind: 'done',
      text: [
        `Restored ${examined.rows} rows: ${head.size} journal entries, generation ${head.generation}.`,
        'Frozen: mail is taken in and waits; nothing is sent, no command counts, until people have confirmed what the backup says.',
        'Next: start the server (systemctl start embargod, or embargod run), then embargod restore show',
      ],
      data: {
        rows: examined.rows,
        journal: head.size,
        generation: head.generation,
        backupAt: formatInstant(examined.header.at),
        journalBefore: examined.remembered?.size ?? null,
      },
    };
  } finally {
    bar.end();
  }
}

function lossLines({ header, remembered, rows }: Examined): readonly string[] {
  const { at: backupAt, journal } = header;
  const loss = describeLoss({ backupAt, sizeBefore: remembered?.size, size: journal.size });
  return [
    `The backup is whole: ${rows} rows as of ${formatInstant(backupAt)}, ${journal.size} journal entries.`,
    `Both databases are replaced by it. Lost: ${loss}.`,
    'Mail that came in since is lost too; whoever wrote it was told that it was accepted.',
  ];
}

async function typedConfirmation(): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question('Type "restore" to replace both databases: ')).trim() === 'restore';
  } finally {
    terminal.close();
  }
}

/** The database alone, and no server beside it: `run` finds this process in its place. */
async function withDatabase(configuration: Configuration, work: () => Promise<Answer>): Promise<Answer> {
  const forget = await noteServer(configuration, serverProcessNames);
  try {
    if (configuration.database.kind === 'external') return await work();
    const cluster = await startEmbeddedDatabase(configuration);
    try {
      await provisionEmbedded(configuration, cluster);
      return await work();
    } finally {
      await cluster.stop();
    }
  } finally {
    await forget();
  }
}
