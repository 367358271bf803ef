// The cast of the held-out mails and what each can do, all made at test time by real gpg in its own home.
// Registered at the server: Rita (Debian) and Sue (Gentoo, suspended). Everybody else is a stranger to it.

import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuiltMail } from './held-out-mail.ts';
import { bytesOf } from './write-mail.ts';

export type CastName = 'ann' | 'ben' | 'carl' | 'mallory' | 'rita' | 'sue';
export type KeyName = CastName | 'linux-distros' | 'distros';

export const people = {
  ann: { name: 'Ann Archer', address: 'ann@research.example' },
  ben: { name: 'Ben Bakker', address: 'ben@university.example' },
  carl: { name: 'Carl Carlsen', address: 'carl@consult.example' },
  mallory: { name: 'Mallory Moss', address: 'mallory@elsewhere.example' },
  rita: { name: 'Rita Rossi', address: 'rita@debian.example' },
  sue: { name: 'Sue Sandberg', address: 'sue@gentoo.example' },
} as const satisfies Record<CastName, { name: string; address: string }>;

/** Whom the run registers before the first mail, on the list linux-distros. */
export const roster = [
  { castName: 'rita', member: 'Debian', suspended: false },
  { castName: 'sue', member: 'Gentoo', suspended: true },
] as const;

export interface Sealing {
  readonly to?: readonly KeyName[];
  /** Wildcard key ids, as gpg -R. */
  readonly hidden?: readonly KeyName[];
  readonly signedBy?: CastName;
  /** Default true. */
  readonly armour?: boolean;
  readonly options?: readonly string[];
}

export interface Cast {
  readonly now: Date;
  /** Mails built so far, by name: a replay needs the bytes of the first sending. */
  readonly built: Map<string, BuiltMail>;
  /** Armoured. Carl's is the stale one that he still hands out: it expired 35 days before `now`. */
  certificate(name: CastName): string;
  /** 40 hex digits, upper case. */
  fingerprint(name: KeyName): string;
  /** An RFC 5322 date some minutes before `now`. */
  date(minutesBefore?: number): string;
  /** A string is one character per byte (write-mail.ts). @returns OpenPGP; armour with LF line ends. */
  seal(plain: Uint8Array | string, sealing: Sealing): Promise<Buffer>;
  /** @returns an armoured detached signature. */
  signDetached(bytes: Uint8Array | string, by: CastName, options?: readonly string[]): Promise<string>;
  clearsign(text: string, by: CastName, options?: readonly string[]): Promise<string>;
  /** @returns base64 of the binary certificate, for an Autocrypt header. */
  keydata(name: CastName): Promise<string>;
  /** Stops the agent that gpg started for this home. */
  close(): Promise<void>;
}

interface CastSettings {
  /** An existing, empty directory with a short path (the agent's socket lies in it), mode 0700. */
  readonly home: string;
  /** Armoured certificates of linux-distros and of distros. */
  readonly listCertificate: string;
  readonly secondListCertificate: string;
  /** The moment of signing; the machine's clock if absent. */
  readonly now?: Date;
}

const DAY = 86_400_000;

export async function makeCast(settings: CastSettings): Promise<Cast> {
  const { home } = settings;
  const now = settings.now ?? new Date();
  const at = (moment: Date) => ['--faked-system-time', gpgTime(moment)];
  const clock = settings.now ? at(settings.now) : [];
  const fingerprints = new Map<KeyName, string>();
  const certificates = new Map<CastName, string>();

  async function makeKey(name: CastName, kind: 'curve' | 'rsa', born: Date, lifetime: string) {
    const uid = `${people[name].name} <${people[name].address}>`;
    const [primary, subkey] = kind === 'rsa' ? ['rsa3072', 'rsa3072'] : ['ed25519', 'cv25519'];
    await gpg(home, [...at(born), '--quick-gen-key', uid, primary, 'sign,cert', lifetime]);
    const fingerprint = await fingerprintOf(home, people[name].address);
    await gpg(home, [...at(born), '--quick-add-key', fingerprint, subkey, 'encr', lifetime]);
    fingerprints.set(name, fingerprint);
    certificates.set(name, String(await gpg(home, ['--armor', '--export', fingerprint])));
  }

  const lastYear = new Date(now.getTime() - 300 * DAY);
  await makeKey('ann', 'curve', lastYear, 'never');
  await makeKey('ben', 'rsa', lastYear, 'never');
  await makeKey('mallory', 'curve', lastYear, 'never');
  await makeKey('rita', 'curve', lastYear, 'never');
  await makeKey('sue', 'curve', lastYear, 'never');
  await makeKey('carl', 'curve', new Date(now.getTime() - 400 * DAY), '365d');
  // He prolonged his key at home and still hands out the certificate exported before.
  await gpg(home, [...clock, '--quick-set-expire', fingerprints.get('carl') ?? '', '2y']);
  fingerprints.set('linux-distros', await importCertificate(home, settings.listCertificate));
  fingerprints.set('distros', await importCertificate(home, settings.secondListCertificate));

  const known = <Name extends KeyName, Value>(map: Map<Name, Value>, name: Name): Value => {
    const value = map.get(name);
    if (value === undefined) throw new Error(`nobody in the cast is called ${name}`);
    return value;
  };
  const fingerprint = (name: KeyName) => known(fingerprints, name);

  return {
    now,
    built: new Map(),
    fingerprint,
    certificate: (name) => known(certificates, name),
    date: (minutesBefore = 0) => mailDate(new Date(now.getTime() - minutesBefore * 60_000)),
    seal: (plain, { to = [], hidden = [], signedBy, armour = true, options = [] }) =>
      gpg(
        home,
        [
          ...clock,
          ...(armour ? ['--armor'] : []),
          ...to.flatMap((name) => ['-r', fingerprint(name)]),
          ...hidden.flatMap((name) => ['-R', fingerprint(name)]),
          ...(signedBy ? ['-u', fingerprint(signedBy), '--sign'] : []),
          ...options,
          '--encrypt',
        ],
        plain,
      ),
    signDetached: async (bytes, by, options = []) =>
      String(
        await gpg(home, [...clock, '--armor', '-u', fingerprint(by), ...options, '--detach-sign'], bytes),
      ),
    clearsign: async (text, by, options = []) =>
      String(await gpg(home, [...clock, '-u', fingerprint(by), ...options, '--clearsign'], text)),
    keydata: async (name) =>
      (await gpg(home, ['--export-options', 'export-minimal', '--export', fingerprint(name)])).toString(
        'base64',
      ),
    close: () => stopAgent(home),
  };
}

/** Stops the agent that gpg started for this home, and no other. */
export async function stopAgent(home: string): Promise<void> {
  await run('gpgconf', ['--homedir', home, '--kill', 'gpg-agent'], '');
}

export function gpg(home: string, args: readonly string[], input: Uint8Array | string = ''): Promise<Buffer> {
  const steady = ['--no-options', '--homedir', home, '--batch', '--yes', '--no-tty', '--quiet'];
  const quiet = ['--pinentry-mode', 'loopback', '--passphrase', '', '--trust-model', 'always'];
  const alone = ['--no-auto-key-locate', '--ignore-time-conflict', '--ignore-valid-from'];
  return run('gpg', [...steady, ...quiet, ...alone, ...args], input);
}

function run(program: string, args: readonly string[], input: Uint8Array | string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(`/usr/bin/${program}`, args, { env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' } });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(out));
      else reject(new Error(`${program} ${args.join(' ')}: exit ${code}\n${Buffer.concat(err)}`));
    });
    child.stdin.on('error', () => undefined); // gpg may end before it has read everything
    child.stdin.end(typeof input === 'string' ? bytesOf(input) : input);
  });
}

async function fingerprintOf(home: string, address: string): Promise<string> {
  const listing = String(await gpg(home, ['--with-colons', '--list-keys', `<${address}>`]));
  const found = /^fpr:+([0-9A-F]{40}):/m.exec(listing)?.[1];
  if (!found) throw new Error(`no key for ${address}`);
  return found;
}

async function importCertificate(home: string, armoured: string): Promise<string> {
  const file = join(home, 'import.asc');
  await writeFile(file, armoured);
  const listing = String(await gpg(home, ['--with-colons', '--show-keys', file]));
  await gpg(home, ['--import', file]);
  const found = /^fpr:+([0-9A-F]{40}):/m.exec(listing)?.[1];
  if (!found) throw new Error('the list certificate holds no key');
  return found;
}

function gpgTime(moment: Date): string {
  return moment.toISOString().replace(/[-:]/g, '').slice(0, 15);
}

function mailDate(moment: Date): string {
  return moment.toUTCString().replace('GMT', '+0000');
}
