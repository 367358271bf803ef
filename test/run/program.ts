import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The clone. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** What issues and tests share on the machines that have it: a folder beside the clone. */
export const sharedFolder = join(root, '..', 'shared');

export function sharedIsHere(): boolean {
  return existsSync(sharedFolder);
}

export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Runs a program on our terminal; resolves to its exit code. Interrupts reach it once, through us; so does the end of `longest`. */
export function runProgram(
  file: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  longest?: number,
): Promise<number> {
  const child = spawn(file, [...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...environment },
  });
  const late = longest === undefined ? undefined : setTimeout(() => child.kill('SIGTERM'), longest);
  return untilExit(child).finally(() => clearTimeout(late));
}

function untilExit(child: ChildProcess): Promise<number> {
  const interrupt = () => child.kill('SIGINT');
  const terminate = () => child.kill('SIGTERM');
  process.on('SIGINT', interrupt).on('SIGTERM', terminate);
  return new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  }).finally(() => process.off('SIGINT', interrupt).off('SIGTERM', terminate));
}
