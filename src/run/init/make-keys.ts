import { randomBytes } from 'node:crypto';
import { lchown, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readClock } from '../../adapters/clock/clock.ts';
import { openKeyring } from '../../adapters/openpgp/keyring/keyring.ts';
import { generateOperatorKey } from '../../adapters/openpgp/operator-key/operator-mail.ts';
import { generateKey } from '../../adapters/openpgp/private/generate-key.ts';
import type { Instant } from '../../time/instant.ts';
import type { Configuration } from '../config/configuration.ts';
import { writePin } from '../config/pins.ts';
import { operatorKeyFile } from '../operator-desk.ts';
import { findSystemUser } from '../plan-processes.ts';
import { senderKeyFile } from '../sender-key.ts';
import { metricsTokenFile } from '../watch/metrics-token.ts';

/** The operator key, the keyholder's first keys and the sender's own, with their public halves pinned (P7, R3). */
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
  await giveTo(directory.keyholder, users.keyholder, configuration);
  await makeSenderKey(configuration, now);
}

async function makeSenderKey(configuration: Configuration, now: Instant): Promise<void> {
  const { directory, users } = configuration;
  const { secret, key } = await generateKey({ name: 'embargod sender' }, now);
  await mkdir(directory.sender, { mode: 0o700 });
  await writeFile(senderKeyFile(directory), secret, { flag: 'wx', mode: 0o600 });
  await writePin(directory, 'sender', key.certificate.bytes);
  const token = randomBytes(24).toString('base64url');
  await writeFile(metricsTokenFile(configuration), `${token}\n`, { flag: 'wx', mode: 0o600 });
  await giveTo(directory.sender, users.sender, configuration);
}

/** P1: to the process's own user, where processes have their own. */
export async function giveTo(root: string, user: string, { users }: Configuration): Promise<void> {
  const owner = users.mode === 'separate' ? findSystemUser(user) : undefined;
  if (owner) await giveTree(root, owner);
}

async function giveTree(root: string, { uid, gid }: Readonly<{ uid: number; gid: number }>): Promise<void> {
  for (const name of await readdir(root, { recursive: true })) await lchown(join(root, name), uid, gid);
  await lchown(root, uid, gid);
}
