import { chown, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readClock } from '../../adapters/clock/clock.ts';
import { openKeyring } from '../../adapters/openpgp/keyring/keyring.ts';
import { generateOperatorKey } from '../../adapters/openpgp/operator-key/operator-mail.ts';
import type { Configuration } from '../config/configuration.ts';
import { writePin } from '../config/pins.ts';
import { operatorKeyFile } from '../operator-desk.ts';
import { findSystemUser } from '../plan-processes.ts';

/** The operator key and the keyholder's first keys, with their public halves pinned (P7). */
export async function makeKeys(configuration: Configuration, passphrase: string | undefined): Promise<void> {
  const { directory, demo, users } = configuration;
  const now = readClock();
  const operator = await generateOperatorKey(now);
  await writeFile(operatorKeyFile(directory), operator.secret, { flag: 'wx', mode: 0o600 });
  await writePin(directory, 'operator', operator.key.certificate.bytes);
  const keyring = await openKeyring({
    directory: directory.keyholder,
    passphrase,
    unprotected: configuration.passphrase.kind === 'unprotected',
    demo,
    now,
  });
  await writePin(directory, 'statement', keyring.statement.publicKey);
  await writePin(directory, 'keyholder', keyring.requestCertificate.bytes);
  const keyholder = users.mode === 'separate' ? findSystemUser(users.keyholder) : undefined;
  if (keyholder) await giveTree(directory.keyholder, keyholder);
}

async function giveTree(root: string, { uid, gid }: Readonly<{ uid: number; gid: number }>): Promise<void> {
  for (const name of await readdir(root, { recursive: true })) await chown(join(root, name), uid, gid);
  await chown(root, uid, gid);
}
