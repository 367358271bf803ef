import { spawnSync } from 'node:child_process';

/** Whether another user reaches and may read a file: asked as that user, since the folders above count too. Only root can ask. */
export function readableBy(path: string, { uid, gid }: Readonly<{ uid: number; gid: number }>): boolean {
  return spawnSync('/usr/bin/test', ['-r', path], { uid, gid, cwd: '/', env: {} }).status === 0;
}
