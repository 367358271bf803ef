import { mkdir } from 'node:fs/promises';
import type { Address } from '../../mail/address.ts';
import type { DemoPerson, KeyShape } from './community.ts';
import { type Gpg, GpgError, openGpg } from './gpg.ts';

/** Everybody's keys, secret ones too, in one GnuPG home: only a demo has such a thing. */
export type DemoKeyring = Readonly<{
  gpg: Gpg;
  /** Makes the keys that are missing; `progress` hears of each. */
  makeKeys: (
    people: readonly DemoPerson[],
    progress: (made: number, of: number, name: string) => void,
  ) => Promise<void>;
  /** Armoured public key. */
  certificate: (address: Address) => Promise<string>;
  importKey: (armour: string) => Promise<void>;
}>;

export async function openDemoKeyring(directory: string): Promise<DemoKeyring> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const gpg = await openGpg(directory);
  return {
    gpg,
    makeKeys: (people, progress) => makeKeys(gpg, people, progress),
    certificate: async (address) => {
      const exported = await must(gpg, [
        '--armor',
        '--export-options',
        'export-minimal',
        '--export',
        `<${address}>`,
      ]);
      return exported.stdout.toString('latin1');
    },
    importKey: async (armour) => {
      await must(gpg, ['--import'], armour);
    },
  };
}

async function makeKeys(
  gpg: Gpg,
  people: readonly DemoPerson[],
  progress: (made: number, of: number, name: string) => void,
): Promise<void> {
  const listed = await gpg.run(['--list-secret-keys', '--with-colons']);
  const known = listed.stdout.toString('utf8');
  const missing = people.filter(({ address }) => !known.includes(`<${address}>`));
  for (const [made, person] of missing.entries()) {
    progress(made, missing.length, `${person.name} (${person.key})`);
    await must(gpg, ['--gen-key'], keyParameters(person));
  }
  if (missing.length > 0) progress(missing.length, missing.length, 'done');
}

const algorithms: Readonly<Record<KeyShape, readonly string[]>> = {
  rsa2048: rsa(2048),
  rsa3072: rsa(3072),
  rsa4096: rsa(4096),
  ed25519: [
    'Key-Type: EDDSA',
    'Key-Curve: ed25519',
    'Key-Usage: sign',
    'Subkey-Type: ECDH',
    'Subkey-Curve: cv25519',
  ],
  nistp256: ecc('nistp256'),
  brainpoolP256r1: ecc('brainpoolP256r1'),
};

function rsa(bits: number): readonly string[] {
  return [
    'Key-Type: RSA',
    `Key-Length: ${bits}`,
    'Key-Usage: sign',
    'Subkey-Type: RSA',
    `Subkey-Length: ${bits}`,
  ];
}

function ecc(curve: string): readonly string[] {
  return [
    'Key-Type: ECDSA',
    `Key-Curve: ${curve}`,
    'Key-Usage: sign',
    'Subkey-Type: ECDH',
    `Subkey-Curve: ${curve}`,
  ];
}

/** GnuPG's "unattended key generation"; bare keys, as no person stands behind them. */
function keyParameters({ name, address, key }: DemoPerson): string {
  return [
    '%no-protection',
    ...algorithms[key],
    'Subkey-Usage: encrypt',
    `Name-Real: ${name}`,
    'Name-Comment: embargod demo',
    `Name-Email: ${address}`,
    'Expire-Date: 5y',
    '%commit',
    '',
  ].join('\n');
}

async function must(gpg: Gpg, options: readonly string[], input?: Uint8Array | string) {
  const result = await gpg.run(options, input);
  if (result.code === 0) return result;
  throw new GpgError(`gpg ${options[0]} failed: ${result.stderr.trim().split('\n').at(-1)}`);
}
