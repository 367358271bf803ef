/**
 * A real installation as in production (P1): a system user for each process, made for one test file and removed, the
 * passphrase as a credential, the supervisor with what its systemd unit leaves it. Only root can make one.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findSystemUser } from '../../src/run/plan-processes.ts';
import { type Installation, makeInstallation, passphrase } from './installation.ts';
import { processesOf } from './process-facts.ts';
import { openDirectory, type Started } from './real-server.ts';

/** What each process is called after its entry file, and the last part of its user's name. */
export const userOf = {
  'intake-process': 'intake',
  keyholder: 'keyholder',
  opener: 'opener',
  'sender-process': 'sender',
  'public-keeper': 'public',
  'public-site': 'site',
} as const;
export const systemUsers: readonly string[] = [...Object.values(userOf), 'postgres'];

export type SeparateInstallation = Readonly<{
  here: Installation;
  server: Started;
  /** Process ids by the name of the entry file. */
  running: ReadonlyMap<string, number>;
  prefix: string;
  /** The user's ids by the last part of its name. */
  idsOf: (user: string) => Readonly<{ uid: number; gid: number }>;
  /** The folder with the passphrase, and below it the service's RUNTIME_DIRECTORY, `run`. */
  credentials: string;
  close: () => Promise<void>;
}>;

/** Why there can be none here; undefined when there can. */
export function whyNotSeparate(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can give a process another user';
  const source = fileURLToPath(new URL('../../src/run/main.ts', import.meta.url));
  const reads = spawnSync(process.execPath, ['-e', `require('fs').readFileSync(${JSON.stringify(source)})`], {
    uid: 65_534,
    gid: 65_534,
  });
  return reads.status === 0 ? undefined : 'this clone is closed to other users';
}

/** Started and ready; no list in it yet. */
export async function separateInstallation(): Promise<SeparateInstallation> {
  await removeLeftovers();
  const prefix = `em${process.pid}`;
  const credentials = await openDirectory();
  await writeFile(join(credentials.path, 'embargod-passphrase'), `${passphrase}\n`, { mode: 0o400 });
  const environment = {
    CREDENTIALS_DIRECTORY: credentials.path,
    RUNTIME_DIRECTORY: join(credentials.path, 'run'),
    CANARY: 'not for any process',
  };
  const here = await makeInstallation({
    init: ['--credential', 'embargod-passphrase', '--user-prefix', prefix],
    // An administrator with a careful umask, and the service with what its unit leaves it.
    how: { environment, launcher: withUmask('0077') },
    howToRun: { environment, launcher: await asInTheUnit() },
  });
  const server = await here.run();
  return {
    here,
    server,
    running: await processesOf(server.pid),
    prefix,
    idsOf: (user) => findSystemUser(`${prefix}-${user}`) ?? assert.fail(`there is no user ${user}`),
    credentials: credentials.path,
    close: async () => {
      await server.stop();
      await here.close();
      await credentials.remove();
      for (const user of systemUsers) spawnSync('/usr/sbin/userdel', [`${prefix}-${user}`]);
    },
  };
}

/** Users of a test run that was killed. */
async function removeLeftovers(): Promise<void> {
  const text = await readFile('/etc/passwd', 'utf8');
  for (const [, name = '', pid] of text.matchAll(/^(em(\d+)-[a-z]+):/gm)) {
    if (!existsSync(`/proc/${pid}`)) spawnSync('/usr/sbin/userdel', [name]);
  }
}

function withUmask(mask: string): readonly string[] {
  return ['/bin/sh', '-c', `umask ${mask}; exec "$@"`, 'sh'];
}

/** The rights that contrib/systemd leaves the supervisor to begin with. */
async function asInTheUnit(): Promise<readonly string[]> {
  const file = new URL('../../contrib/systemd/embargod.service', import.meta.url);
  const unit = await readFile(file, 'utf8');
  const of = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(unit)?.[1] ?? assert.fail(key);
  const kept = of('CapabilityBoundingSet')
    .split(' ')
    .map((name) => `+${name.replace(/^CAP_/, '').toLowerCase()}`);
  assert.equal(of('NoNewPrivileges'), 'yes');
  const rights = ['/usr/bin/setpriv', '--no-new-privs', `--bounding-set=-all,${kept.join(',')}`, '--'];
  return [...withUmask(of('UMask')), ...rights];
}
