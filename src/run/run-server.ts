/** `embargod run`: the embedded database and the processes under one supervisor, until a signal. */
import type { Cluster } from '../adapters/postgres/cluster/cluster.ts';
import { refuseUnfinishedRestore } from './backup/unfinished-restore.ts';
import type { ServerProcessName } from './commands/deed.ts';
import type { Configuration } from './config/configuration.ts';
import { ConfigurationError } from './config/read-configuration.ts';
import { startEmbeddedDatabase } from './embedded-database.ts';
import { handOverCredential } from './give-up-rights.ts';
import { provisionEmbedded } from './init/make-databases.ts';
import { planProcesses } from './plan-processes.ts';
import { refuseTakenDoors } from './refuse-taken-doors.ts';
import { noteServer, runningServer } from './server-state.ts';
import { embeddedDatabase } from './supervisor/embedded-database.ts';
import type { ProcessSpec } from './supervisor/process-spec.ts';
import { type Supervision, supervise } from './supervisor/supervisor.ts';

export type Start = Readonly<{
  configuration: Configuration;
  only: readonly ServerProcessName[];
  /** Started before all others: a demo's sink. */
  besides?: readonly ProcessSpec[];
  /** How the embedded database starts, when its folder was made ready before (give-up-rights.ts). */
  startDatabase?: () => Promise<Cluster>;
  /** A line of a process; to standard error when not said, as a command's answer is on the other. */
  log?: (name: string, line: string) => void;
}>;

/** Starts everything and resolves when all are ready; `stop` ends it in order. */
export async function startServer(start: Start): Promise<Supervision> {
  const { configuration, only, besides = [] } = start;
  const startDatabase = start.startDatabase ?? (() => startEmbeddedDatabase(configuration));
  const other = await runningServer(configuration, only);
  if (other !== undefined) {
    throw new ConfigurationError(
      `A server runs already in ${configuration.directory.root} (process ${other}); stop it first, or use it.`,
    );
  }
  await refuseUnfinishedRestore(configuration);
  if (only.includes('intake')) await refuseTakenDoors(configuration);
  const forget = await noteServer(configuration, only);
  try {
    const supervision = await supervise({
      ...(start.log ? { log: start.log } : {}),
      processes: [...besides, ...planProcesses(configuration, only)],
      ...(configuration.database.kind === 'embedded'
        ? { database: () => embeddedDatabase(() => startUpToDate(configuration, startDatabase)) }
        : {}),
    });
    return {
      ...supervision,
      stop: async () => {
        await supervision.stop();
        await forget();
      },
    };
  } catch (error) {
    await forget();
    throw error;
  }
}

/** After an upgrade the schema is brought up to date before any process looks at it (B8). */
async function startUpToDate(
  configuration: Configuration,
  startDatabase: () => Promise<Cluster>,
): Promise<Cluster> {
  const cluster = await startDatabase();
  try {
    await provisionEmbedded(configuration, cluster);
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

/** For a command that finds no server running: the database, and the process that it asks, for the length of `work`. */
export async function withServer<T>(
  configuration: Configuration,
  needed: Readonly<{
    keyholder: boolean;
    publicKeeper?: boolean;
    announce: (line: string) => void;
  }>,
  work: () => Promise<T>,
): Promise<T> {
  if ((await runningServer(configuration)) !== undefined) return work();
  const only = [
    ...(needed.keyholder ? (['keyholder'] as const) : []),
    ...(needed.publicKeeper ? (['public-keeper'] as const) : []),
  ];
  const [process] = only;
  const external = configuration.database.kind === 'external';
  if (external && process === undefined) return work();
  const what = process === undefined ? 'the database' : `a ${process}`;
  needed.announce(`No server is running here: starting ${what} for this command.`);
  if (needed.keyholder) await handOverCredential(configuration);
  const server = await startServer({ configuration, only });
  try {
    return await work();
  } finally {
    await server.stop();
  }
}
