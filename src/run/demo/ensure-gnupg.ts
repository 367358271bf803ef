import { spawnSync } from 'node:child_process';
import { ConfigurationError } from '../config/read-configuration.ts';

const words = ['apt-get', 'install', '--yes', '--no-install-recommends', 'gnupg'] as const;

/** The demo's people use real GnuPG. Root gets it from the distribution, announced; others are told how (B4). */
export function ensureGnupg(say: (line: string) => void): void {
  if (isThere()) return;
  const command = `apt-get update && ${words.join(' ')}`;
  if (process.getuid?.() !== 0) {
    throw new ConfigurationError(`The demo needs GnuPG (gpg); install it with: sudo sh -c '${command}'`);
  }
  say(`GnuPG is missing; installing it: ${command}`);
  const options = {
    stdio: ['ignore', 2, 2] as ('ignore' | number)[],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  };
  spawnSync('apt-get', ['update'], options);
  spawnSync(words[0], words.slice(1), options);
  if (!isThere()) throw new ConfigurationError(`GnuPG could not be installed; try it by hand: ${command}`);
}

function isThere(): boolean {
  return ['gpg', 'gpg-agent'].every((program) => spawnSync(program, ['--version']).status === 0);
}
