/**
 * A person's real GnuPG in its own home, for tests. Every home has a short path (its agent's socket may have at most 108
 * bytes), is private to one test, and is removed with its agent by `remove`.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type KeyKind =
  | 'rsa2048'
  | 'rsa4096'
  | 'rsa1024'
  | 'ed25519'
  | 'nistp256'
  | 'nistp384'
  | 'nistp521'
  | 'brainpoolP256r1'
  | 'brainpoolP384r1'
  | 'brainpoolP512r1'
  | 'dsa2048';

export type GnupgResult = Readonly<{
  code: number;
  stdout: Uint8Array;
  stderr: string;
  /** Lines of the status interface without `[GNUPG:] `, such as `GOODSIG 0123… name`. */
  status: readonly string[];
}>;

export type Gnupg = Readonly<{
  home: string;
  /** Any call; `input` goes to stdin. Never rejects because of gpg's exit code: look at `code`. */
  run: (args: readonly string[], input?: Uint8Array | string) => Promise<GnupgResult>;
  /** Makes a key without passphrase and returns its fingerprint. */
  generate: (kind: KeyKind, userId: string, expiry?: string) => Promise<string>;
  addEncryptionSubkey: (fingerprint: string, algorithm: string, expiry?: string) => Promise<void>;
  exportPublic: (fingerprint: string, armored?: boolean) => Promise<Uint8Array>;
  exportSecret: (fingerprint: string) => Promise<Uint8Array>;
  /** Imports and trusts, so that gpg encrypts to it without asking. */
  importKey: (bytes: Uint8Array | string) => Promise<void>;
  /** Fails unless gpg succeeds. `options`: `--sign`, `--textmode`, `--hidden-recipient` … */
  encrypt: (
    plain: Uint8Array | string,
    recipients: readonly string[],
    options?: readonly string[],
  ) => Promise<Uint8Array>;
  decrypt: (message: Uint8Array | string) => Promise<GnupgResult>;
  remove: () => Promise<void>;
}>;

export async function makeGnupg(): Promise<Gnupg> {
  const home = await mkdtemp(join(tmpdir(), 'gpg-'));
  const run: Gnupg['run'] = (args, input) => runProgram('gpg', [...commonArguments(home), ...args], input);
  // One at a time in one home: gpg replaces its keyring by renaming, and another gpg then misses it.
  let last: Promise<unknown> = Promise.resolve();
  const must = (args: readonly string[], input?: Uint8Array | string) => {
    const next = last.then(() => run(args, input));
    last = next;
    return next.then((result) => {
      if (result.code !== 0) throw new Error(`gpg ${args.join(' ')} failed:\n${result.stderr}`);
      return result;
    });
  };
  return {
    home,
    run,
    generate: (kind, userId, expiry = 'never') => generate(must, kind, userId, expiry),
    addEncryptionSubkey: async (fingerprint, algorithm, expiry = 'never') => {
      await must(['--quick-add-key', fingerprint, algorithm, 'encr', expiry]);
    },
    exportPublic: async (fingerprint, armored = false) =>
      (await must([...(armored ? ['--armor'] : []), '--export', fingerprint])).stdout,
    exportSecret: async (fingerprint) => (await must(['--export-secret-keys', fingerprint])).stdout,
    importKey: async (bytes) => {
      await must(['--import'], bytes);
    },
    encrypt: async (plain, recipients, options = []) =>
      (await must([...options, ...recipients.flatMap((one) => ['-r', one]), '--encrypt'], plain)).stdout,
    // Stories move their clock, gpg does not: what was signed in a story's future is still read.
    decrypt: (message) => run(['--ignore-time-conflict', '--ignore-valid-from', '--decrypt'], message),
    remove: async () => {
      await runProgram('gpgconf', ['--homedir', home, '--kill', 'all']);
      await rm(home, { recursive: true, force: true });
    },
  };
}

function commonArguments(home: string): readonly string[] {
  const unattended = ['--batch', '--yes', '--no-tty', '--pinentry-mode', 'loopback', '--passphrase', ''];
  return ['--homedir', home, ...unattended, '--trust-model', 'always', '--status-fd', '3'];
}

async function generate(
  must: (args: readonly string[]) => Promise<GnupgResult>,
  kind: KeyKind,
  userId: string,
  expiry: string,
): Promise<string> {
  const [primary, subkey] = algorithmsOf(kind);
  const created = await must(['--quick-generate-key', userId, primary, 'sign', expiry]);
  const fingerprint = created.status.find((line) => line.startsWith('KEY_CREATED'))?.split(' ')[2];
  if (fingerprint === undefined) throw new Error(`gpg made no key:\n${created.stderr}`);
  await must(['--quick-add-key', fingerprint, subkey, 'encr', expiry]);
  return fingerprint;
}

function algorithmsOf(kind: KeyKind): readonly [string, string] {
  switch (kind) {
    case 'ed25519':
      return ['ed25519', 'cv25519'];
    case 'dsa2048':
      return ['dsa2048', 'elg2048'];
    case 'rsa1024':
    case 'rsa2048':
    case 'rsa4096':
      return [kind, kind];
    default:
      return [`${kind}/ecdsa`, `${kind}/ecdh`];
  }
}

function runProgram(
  program: string,
  args: readonly string[],
  input?: Uint8Array | string,
): Promise<GnupgResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe', 'pipe'] });
    const [, stdout, stderr, status] = child.stdio.map(collect);
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({
        code: code ?? -1,
        stdout: Buffer.concat(stdout ?? []),
        stderr: Buffer.concat(stderr ?? []).toString(),
        status: Buffer.concat(status ?? [])
          .toString()
          .split('\n')
          .map((line) => line.replace(/^\[GNUPG:\] /, '')),
      });
    });
    // gpg may end before it has read everything, as when a message is damaged.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

function collect(stream: unknown): Buffer[] {
  const chunks: Buffer[] = [];
  if (isReadable(stream)) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return chunks;
}

function isReadable(stream: unknown): stream is NodeJS.ReadableStream {
  return typeof stream === 'object' && stream !== null && 'read' in stream;
}
