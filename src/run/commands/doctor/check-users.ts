import type { Configuration } from '../../config/configuration.ts';
import { findSystemUser } from '../../plan-processes.ts';
import { type Finding, fail, ok, warn } from './check.ts';

/** P1: one uid a process, or the keys are everybody's. */
export function checkUsers({ users, demo }: Configuration): readonly Finding[] {
  const advice =
    'run `embargod init` as root for a new directory, or set users.mode to "separate" and make the users';
  if (users.mode === 'shared') {
    return [
      demo
        ? warn(
            'users',
            'all processes run as one user, as in every demo',
            'use a real installation for real reports',
          )
        : fail('users', 'all processes run as one user, so each can read the keys', advice),
    ];
  }
  const { mode: _mode, ...names } = users;
  const found = Object.values(names).map((name) => ({ name, uid: findSystemUser(name)?.uid }));
  const missing = found.filter(({ uid }) => uid === undefined).map(({ name }) => name);
  if (missing.length > 0) {
    return [
      fail(
        'users',
        `missing: ${missing.join(', ')}`,
        `make each with useradd --system --no-create-home NAME`,
      ),
    ];
  }
  const distinct = new Set(found.map(({ uid }) => uid));
  return [
    distinct.size === found.length && !distinct.has(0)
      ? ok('users', 'every process has a user of its own')
      : fail('users', 'some processes share a user, or one is root', 'give each its own in [users]'),
  ];
}
