import { type ExecFileException, execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { clusterProblem } from './cluster-problem.ts';

/** The operating system's user PostgreSQL runs as; ids undefined means: as ourselves. */
export type DatabaseUser = Readonly<{ name: string; uid: number | undefined; gid: number | undefined }>;

export type Ran = Readonly<{ code: number; stdout: string; stderr: string }>;

/** Nothing of our own environment reaches the database: no PG*, no LD_*, no NODE_*. */
export const databaseEnvironment: Readonly<Record<string, string>> = {
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
};

/**
 * `initdb` and `postgres` refuse root (B3). Root therefore lends them `wanted`, else `postgres`, else `nobody`, which
 * is good enough for a demo; a production configuration names a user of its own.
 */
export function chooseDatabaseUser(wanted?: string): DatabaseUser {
  if (process.getuid?.() !== 0) return { name: ownName(), uid: undefined, gid: undefined };
  const names = wanted === undefined ? ['postgres', 'nobody'] : [wanted];
  for (const name of names) {
    const entry = passwordEntry((fields) => fields[0] === name);
    if (entry !== undefined && entry.uid !== 0) return entry;
  }
  throw clusterProblem(
    'no-operating-user',
    `PostgreSQL does not run as root, and there is no user ${names.join(' or ')} to lend it. ` +
      `Make one: useradd --system --no-create-home ${names[0]}`,
  );
}

/** Our own user's name, as PostgreSQL's peer authentication will see it. */
export function ownName(): string {
  const uid = String(process.getuid?.() ?? '');
  return passwordEntry((fields) => fields[2] === uid)?.name ?? (uid === '0' ? 'root' : `#${uid}`);
}

/** Runs a short command as that user, from `/`, since the user may not reach our working directory. */
export function runAs(user: DatabaseUser, file: string, args: readonly string[]): Promise<Ran> {
  const options = { cwd: '/', env: databaseEnvironment, ...idsOf(user), maxBuffer: 1024 * 1024 };
  return new Promise((resolve) => {
    execFile(file, [...args], options, (error: ExecFileException | null, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 126;
      resolve({ code, stdout, stderr: stderr === '' && error !== null ? error.message : stderr });
    });
  });
}

export function idsOf(user: DatabaseUser): Readonly<{ uid?: number; gid?: number }> {
  return user.uid === undefined || user.gid === undefined ? {} : { uid: user.uid, gid: user.gid };
}

/** Whether the user can walk into the folder: a clone under a 0700 home cannot hold the data of another user (B3). */
export async function canTraverse(user: DatabaseUser, directory: string): Promise<boolean> {
  return (await runAs(user, '/usr/bin/test', ['-x', directory])).code === 0;
}

function passwordEntry(matches: (fields: readonly string[]) => boolean): DatabaseUser | undefined {
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const fields = line.split(':');
    if (fields.length >= 7 && matches(fields)) {
      return { name: fields[0] ?? '', uid: Number(fields[2]), gid: Number(fields[3]) };
    }
  }
  return undefined;
}
