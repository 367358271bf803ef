/**
 * The keyholder's key directory: small JSON files, each bound to its own name, so that none can stand in for another.
 * `keyring.json` says how they are protected and whether they belong to a demo, whose keys production refuses for ever.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { deriveKey, newSalt, openWithKey, sealWithKey } from './key-encryption.ts';
import { keyringError } from './keyring-error.ts';
import {
  createPrivateFile,
  destroyPrivateFile,
  makePrivateDirectory,
  readPrivateFile,
} from './private-file.ts';

export type KeyDirectoryOptions = Readonly<{
  directory: string;
  /** Undefined only together with `unprotected`. */
  passphrase: string | undefined;
  /** Keys lie bare on the disk: the demo, or the operator's explicit choice, which `doctor` reports. */
  unprotected: boolean;
  demo: boolean;
}>;

export type KeyDirectory = Readonly<{
  unprotected: boolean;
  /** Undefined when there is no such key. Names are relative and without `.key`. */
  read: (name: string) => Promise<Uint8Array | undefined>;
  /** Reads the key, or keeps a new one; whoever comes second gets the first one's. */
  readOrCreate: (name: string, make: () => Uint8Array | Promise<Uint8Array>) => Promise<Uint8Array>;
  /** Overwritten and taken away, when it is there. What a disk keeps of it all the same, nobody can say (docs). */
  destroy: (name: string) => Promise<void>;
  /** Names in a folder; folders end in `/`. */
  names: (folder: string) => Promise<readonly string[]>;
}>;

type Header = Readonly<{ version: 1; demo: boolean; salt: string | undefined; check: string }>;

const headerFile = 'keyring.json';
const encoder = new TextEncoder();
/** Sealed under the passphrase's key, so that a wrong one is told at once. */
const checkText = encoder.encode('embargod keyring');

export async function openKeyDirectory(options: KeyDirectoryOptions): Promise<KeyDirectory> {
  const { directory } = options;
  await makePrivateDirectory(directory);
  const header = await readHeader(directory);
  if (header !== undefined) refuseOtherKind(header, options);
  const salt = header === undefined ? freshSalt(options) : header.salt;
  const key = await wrappingKey(options, salt);
  if (header === undefined) await createHeader(options, salt, key);
  else checkKey(header, key);

  const codec = keyFileCodec(options.demo, key);
  const pathOf = (name: string) => join(directory, `${name}.key`);
  const read = async (name: string) => {
    const file = await readPrivateFile(pathOf(name));
    return file && codec.decode(name, file);
  };
  return {
    unprotected: key === undefined,
    read,
    readOrCreate: async (name, make) => {
      const there = await read(name);
      if (there !== undefined) return there;
      const made = await make();
      await makePrivateDirectory(join(pathOf(name), '..'));
      if (await createPrivateFile(pathOf(name), codec.encode(name, made))) return made;
      return (await read(name)) ?? made;
    },
    destroy: (name) => destroyPrivateFile(pathOf(name)),
    names: async (folder) => {
      const entries = await readdir(join(directory, folder), { withFileTypes: true }).catch(() => []);
      return entries.flatMap((entry) => {
        if (entry.isDirectory()) return [`${entry.name}/`];
        return entry.name.endsWith('.key') ? [entry.name.slice(0, -'.key'.length)] : [];
      });
    },
  };
}

function refuseOtherKind(header: Header, options: KeyDirectoryOptions): void {
  if (header.demo && !options.demo) {
    throw keyringError(
      'demo-keys',
      `The keys in ${options.directory} were made for a demo. Use another directory: a real list needs keys nobody played with.`,
    );
  }
  if (!header.demo && options.demo) {
    throw keyringError(
      'not-demo-keys',
      `The keys in ${options.directory} belong to a real list. The demo needs a directory of its own.`,
    );
  }
}

async function wrappingKey(
  options: KeyDirectoryOptions,
  salt: string | undefined,
): Promise<Uint8Array | undefined> {
  if (salt === undefined) return undefined;
  if (options.passphrase === undefined || options.passphrase === '') {
    throw keyringError(
      'passphrase-missing',
      'The list keys are protected by a passphrase, and none was given. Give it by file, prompt or systemd credential.',
    );
  }
  return deriveKey(options.passphrase, Buffer.from(salt, 'base64'));
}

function freshSalt(options: KeyDirectoryOptions): string | undefined {
  return options.unprotected ? undefined : Buffer.from(newSalt()).toString('base64');
}

async function readHeader(directory: string): Promise<Header | undefined> {
  const file = await readPrivateFile(join(directory, headerFile));
  if (file === undefined) return undefined;
  const { version, demo, salt, check } = readFields(file, headerFile);
  if (version !== 1 || typeof demo !== 'boolean' || typeof check !== 'string') throw damaged(headerFile);
  return { version: 1, demo, salt: typeof salt === 'string' ? salt : undefined, check };
}

async function createHeader(
  options: KeyDirectoryOptions,
  salt: string | undefined,
  key: Uint8Array | undefined,
): Promise<void> {
  const check =
    key === undefined ? '' : base64(sealWithKey(key, checkText, associated(headerFile, options.demo)));
  const header: Header = { version: 1, demo: options.demo, salt, check };
  const path = join(options.directory, headerFile);
  if (await createPrivateFile(path, encoder.encode(`${JSON.stringify(header, null, 2)}\n`))) return;
  // Another keyholder was first, with another salt: start again with its header.
  throw keyringError('key-damaged', 'Two processes made the key directory at once. Start again.');
}

function checkKey(header: Header, key: Uint8Array | undefined): void {
  if (key === undefined) return;
  const opened = openWithKey(key, Buffer.from(header.check, 'base64'), associated(headerFile, header.demo));
  if (opened === undefined) {
    throw keyringError(
      'wrong-passphrase',
      'This is not the passphrase that the list keys were protected with.',
    );
  }
}

function keyFileCodec(demo: boolean, key: Uint8Array | undefined) {
  const protection = key === undefined ? 'none' : 'passphrase';
  return {
    encode: (name: string, plain: Uint8Array): Uint8Array => {
      const data = base64(key === undefined ? plain : sealWithKey(key, plain, associated(name, demo)));
      return encoder.encode(`${JSON.stringify({ version: 1, name, demo, protection, data }, null, 2)}\n`);
    },
    decode: (name: string, file: Uint8Array): Uint8Array => {
      const fields = readFields(file, name);
      if (fields.demo === true && !demo) {
        throw keyringError(
          'demo-keys',
          `The key ${name} was made for a demo. Remove it, and make a real one.`,
        );
      }
      const { data } = fields;
      const matches = fields.name === name && fields.protection === protection;
      if (!matches || typeof data !== 'string') throw damaged(name);
      const bytes = Buffer.from(data, 'base64');
      const plain = key === undefined ? bytes : openWithKey(key, bytes, associated(name, demo));
      if (plain === undefined) throw damaged(name);
      return plain;
    },
  };
}

function readFields(file: Uint8Array, name: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(file));
    if (typeof value === 'object' && value !== null) return { ...value };
  } catch {
    // Told below, without the text: it may be a key.
  }
  throw damaged(name);
}

function associated(name: string, demo: boolean): Uint8Array {
  return encoder.encode(`embargod-key-1\n${name}\n${demo ? 'demo' : 'production'}`);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function damaged(name: string): Error {
  return keyringError('key-damaged', `The key file ${name} is damaged or was put under another name.`);
}
