import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Configuration } from '../../config/configuration.ts';
import { findSystemUser } from '../../plan-processes.ts';
import { readableBy } from '../../readable-by.ts';
import { type Finding, fail, ok, warn } from './check.ts';

const openToOthers = 0o077;
const writableByOthers = 0o022;

/** I3, P7: who may read the keys, and who could swap a pin. */
export async function checkFiles(configuration: Configuration): Promise<readonly Finding[]> {
  const { directory, users } = configuration;
  const uidOf = (user: string) =>
    users.mode === 'separate' ? findSystemUser(user)?.uid : process.getuid?.();
  return [
    await checkPrivate('keyholder’s keys', directory.keyholder, uidOf(users.keyholder)),
    await checkPrivate('sender’s key', directory.sender, uidOf(users.sender)),
    await checkPrivate('operator key', directory.operator, undefined),
    await checkPins(directory.pins),
    checkPassphrase(configuration),
  ];
}

function checkPassphrase({ users, passphrase }: Configuration): Finding {
  const keyholder = users.mode === 'separate' ? findSystemUser(users.keyholder) : undefined;
  if (passphrase.kind === 'file' && keyholder && process.getuid?.() === 0) {
    if (!readableBy(passphrase.path, keyholder)) {
      return fail(
        'keys at rest',
        `the user ${users.keyholder} cannot read ${passphrase.path}, so the keyholder cannot start`,
        `put it where that user may go, and: chown ${users.keyholder} ${passphrase.path}`,
      );
    }
  }
  return passphrase.kind === 'unprotected'
    ? warn(
        'keys at rest',
        'without passphrase',
        'make a new data directory with --passphrase-file or --credential',
      )
    : ok('keys at rest', `under a passphrase (${passphrase.kind})`);
}

async function checkPrivate(check: string, root: string, uid: number | undefined): Promise<Finding> {
  try {
    const names = await readdir(root, { recursive: true });
    for (const path of [root, ...names.map((name) => join(root, name))]) {
      const found = await stat(path);
      if ((found.mode & openToOthers) !== 0) {
        return fail(check, `${path} is open to other users`, `chmod -R go= ${root}`);
      }
      if (uid !== undefined && found.uid !== uid) {
        return fail(check, `${path} belongs to uid ${found.uid}, not ${uid}`, `chown -R ${uid} ${root}`);
      }
    }
    return ok(check, `${root} is readable by its owner only`);
  } catch {
    return warn(check, `${root} cannot be looked at by this user`, 'run doctor as root');
  }
}

async function checkPins(root: string): Promise<Finding> {
  const names: readonly string[] = await readdir(root).catch(() => []);
  const missing = ['statement', 'operator', 'keyholder', 'sender'].filter((name) => !names.includes(name));
  if (missing.length > 0)
    return fail('pins', `missing: ${missing.join(', ')}`, 'restore them from your backup');
  for (const path of [root, ...names.map((name) => join(root, name))]) {
    if (((await stat(path)).mode & writableByOthers) !== 0) {
      return fail('pins', `${path} can be changed by others`, `chmod -R go-w ${root}`);
    }
  }
  return ok('pins', 'public halves are in place, and only their owner can change them');
}
