import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstat, readlink, symlink } from 'node:fs/promises';
import { join } from 'node:path';

export class GpgError extends Error {
  readonly code = 'gpg';
}

export type GpgResult = Readonly<{ code: number; stdout: Buffer; stderr: string; status: readonly string[] }>;

/** A GnuPG home of the demo. `close` ends its agent. */
export type Gpg = Readonly<{
  /** What `--homedir` is given; short enough for the agent's socket. */
  home: string;
  run: (options: readonly string[], input?: Uint8Array | string) => Promise<GpgResult>;
  close: () => Promise<void>;
}>;

/** Unix socket paths end at 108 bytes; the agent's longest name and a digit fit below this. */
const longestHome = 80;

/** `directory` exists, mode 0700. */
export async function openGpg(directory: string): Promise<Gpg> {
  const home = await gpgHome(directory);
  return {
    home,
    run: (options, input) => runGpg(home, options, input),
    close: async () => {
      await runProgram('gpgconf', ['--homedir', home, '--kill', 'all']);
    },
  };
}

/** The same place by a name that is short enough, and stays, since people copy it from the guide. */
export async function gpgHome(directory: string): Promise<string> {
  if (directory.length <= longestHome) return directory;
  const name = `embargod-${createHash('sha256').update(directory).digest('hex').slice(0, 12)}`;
  const short = join('/tmp', name);
  await symlink(directory, short).catch(() => undefined);
  // The folder is everybody's: a link of somebody else's would lead our keys astray.
  const found = await lstat(short);
  if (found.uid === process.getuid?.() && (await readlink(short)) === directory) return short;
  throw new GpgError(
    `${directory} is too long a name for GnuPG, and ${short} is taken: choose a shorter --data.`,
  );
}

function runGpg(home: string, options: readonly string[], input?: Uint8Array | string): Promise<GpgResult> {
  return runProgram('gpg', ['--homedir', home, '--batch', '--no-tty', '--status-fd', '3', ...options], input);
}

function runProgram(
  program: string,
  options: readonly string[],
  input?: Uint8Array | string,
): Promise<GpgResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, options, {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      // A user's own language or options would change what we parse.
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C.UTF-8', HOME: '/nonexistent' },
    });
    const gathered: [Buffer[], Buffer[], Buffer[]] = [[], [], []];
    for (const [index, chunks] of gathered.entries()) {
      child.stdio[index + 1]?.on('data', (chunk: Buffer) => chunks.push(chunk));
    }
    child.on('error', (error) => reject(new GpgError(`${program} could not be started: ${error.message}`)));
    child.on('close', (code) => {
      const [stdout, stderr, status] = gathered.map((chunks) => Buffer.concat(chunks));
      resolve({
        code: code ?? 1,
        stdout: stdout ?? Buffer.alloc(0),
        stderr: String(stderr),
        status: String(status)
          .split('\n')
          .filter((line) => line.startsWith('[GNUPG:] '))
          .map((line) => line.slice(9)),
      });
    });
    // gpg may end before it has read everything; the exit code says what happened.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
  });
}
