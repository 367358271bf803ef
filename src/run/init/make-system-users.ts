import { spawnSync } from 'node:child_process';
import type { Configuration } from '../config/configuration.ts';
import { ConfigurationError } from '../config/read-configuration.ts';
import { findSystemUser } from '../plan-processes.ts';

/** P1: one user a process. Makes those that are missing and says so; only root can. */
export async function makeSystemUsers(
  configuration: Configuration,
  say: (line: string) => void,
): Promise<void> {
  const { mode: _mode, ...users } = configuration.users;
  const missing = Object.values(users).filter((name) => findSystemUser(name) === undefined);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0) {
    throw new ConfigurationError(
      `The system users ${missing.join(', ')} do not exist and only root can make them; run init as root, or with --shared-user.`,
    );
  }
  for (const name of missing) {
    say(`Making the system user ${name}.`);
    const made = spawnSync(
      '/usr/sbin/useradd',
      ['--system', '--no-create-home', '--home-dir', '/nonexistent', '--shell', '/usr/sbin/nologin', name],
      { encoding: 'utf8' },
    );
    if (made.status !== 0) {
      throw new ConfigurationError(
        `The system user ${name} could not be made: ${made.stderr.trim() || made.error?.message}.`,
      );
    }
  }
}
