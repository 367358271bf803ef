/**
 * An empty network for the process that reads hostile bytes (P3): no interface is up in it, not even loopback, so that
 * one that was taken over can neither carry mail away nor knock at another process's port. It costs no right of ours: the
 * process's own user makes the namespace, inside a user namespace in which it stays who it was and is nobody's root.
 */
import { spawnSync } from 'node:child_process';

const unshare = '/usr/bin/unshare';

/** Words before a program, after its user is set. */
export const fenceWords: readonly string[] = [unshare, '--user', '--map-current-user', '--net', '--'];

/**
 * Whether the kernel lets this user (ours when not said) make one. Some do not: sandboxes, `user.max_user_namespaces=0`,
 * a unit with RestrictNamespaces=yes. Then a process goes without, and `doctor` says so.
 */
export function mayFence(user?: Readonly<{ uid: number; gid: number }>): boolean {
  const [file = unshare, ...words] = fenceWords;
  return spawnSync(file, [...words, '/usr/bin/true'], { ...user, cwd: '/', env: {} }).status === 0;
}
