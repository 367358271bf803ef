import { lstat } from 'node:fs/promises';
import { readClock } from '../../adapters/clock/clock.ts';
import { type KeyDirectoryOptions, openKeyDirectory } from '../../adapters/openpgp/keyring/key-directory.ts';
import { everyName, type NamedKey, readKeyDocument } from '../../adapters/openpgp/keyring/key-document.ts';
import { openKeyring } from '../../adapters/openpgp/keyring/keyring.ts';
import type { Configuration } from '../config/configuration.ts';
import { replacePin } from '../config/pins.ts';
import { ConfigurationError } from '../config/read-configuration.ts';
import { readPassphrase } from '../config/read-passphrase.ts';
import { runningServer } from '../server-state.ts';
import { withRightsOf } from '../with-rights-of.ts';
import { giveTo } from './make-keys.ts';

/** What a keyholder cannot be without. */
const needed = ['statement', 'request', 'tokens'];

export type ImportedKeys = Readonly<{ count: number; lists: readonly string[] }>;

/**
 * `key import`: another installation's keys into a data directory that has none of lists' yet, under that directory's own
 * protection (K6). Lists' keys come last: whatever ends it before can be tried again. Throws ConfigurationError.
 */
export async function importKeys(configuration: Configuration, document: Uint8Array): Promise<ImportedKeys> {
  const { directory, demo, passphrase, users } = configuration;
  const pid = await runningServer(configuration);
  if (pid !== undefined) {
    throw new ConfigurationError(
      `The server runs as process ${pid}. Stop it first: the keyholder holds its keys in memory.`,
    );
  }
  const keys = keysIn(document, demo);
  const options: KeyDirectoryOptions = {
    directory: directory.keyholder,
    passphrase: await readPassphrase(passphrase),
    unprotected: passphrase.kind === 'unprotected',
    demo,
  };
  // The keyholder's own folder, which whoever took its user over may have prepared.
  const owner = await lstat(directory.keyholder);
  const inside = <T>(work: () => Promise<T>) => withRightsOf(owner, work);
  const target = await inside(() => openKeyDirectory(options));
  refuseUsed(await inside(() => everyName(target)), directory.root);
  const ofLists = keys.filter(({ name }) => isOfList(name));
  const keep = ({ name, bytes }: NamedKey) =>
    inside(async () => {
      await target.destroy(name);
      await target.readOrCreate(name, () => bytes);
    });
  try {
    for (const key of keys) if (!isOfList(key.name)) await keep(key);
    const keyring = await inside(() => openKeyring({ ...options, now: readClock() }));
    await replacePin(directory, 'statement', keyring.statement.publicKey);
    await replacePin(directory, 'keyholder', keyring.requestCertificate.bytes);
    for (const key of ofLists) await keep(key);
  } finally {
    await giveTo(directory.keyholder, users.keyholder, configuration);
  }
  const lists = [...new Set(ofLists.map(({ name }) => name.split('/')[1] ?? ''))];
  return { count: keys.length, lists };
}

function isOfList(name: string): boolean {
  return name.startsWith('lists/');
}

function keysIn(bytes: Uint8Array, demo: boolean): readonly NamedKey[] {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 64));
  if (/^\s*-----BEGIN PGP MESSAGE/.test(start)) {
    throw new ConfigurationError(
      'That is still sealed to the custodian: gpg --decrypt FILE | embargod key import --data DIR',
    );
  }
  const document = readKeyDocument(bytes);
  if (!document)
    throw new ConfigurationError('That is not what `embargod key export` sealed, or it is not all of it.');
  const missing = needed.find((name) => !document.keys.some((key) => key.name === name));
  if (missing) throw new ConfigurationError(`The key ${missing} is missing: that is not a whole export.`);
  if (document.demo !== demo) {
    throw new ConfigurationError(
      document.demo
        ? 'These keys were made for a demo. A real list needs keys nobody played with.'
        : 'These keys belong to a real list. A demo makes its own.',
    );
  }
  return document.keys;
}

/** A month's record key too: what has been journalled here would be readable no more. */
function refuseUsed(names: readonly string[], root: string): void {
  const used = names.find((name) => isOfList(name) || /^(records-|ended\/)/.test(name));
  if (used === undefined) return;
  throw new ConfigurationError(
    `${root} is in use: it holds the key ${used}. Make a new data directory with \`embargod init\`, and import there before its server runs.`,
  );
}
