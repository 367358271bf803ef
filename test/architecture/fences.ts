import type { Fence } from './reach.ts';

const privateKeys = ['src/adapters/openpgp/keyring', 'src/adapters/openpgp/private', 'src/run/keyholder.ts'];

/** Ways to serve or to reach strangers, and ways to start programs. */
const servers = ['node:http', 'node:https', 'node:http2', 'node:dgram', 'node:tls', 'node:worker_threads'];

/**
 * Each process and what it must never reach, however indirectly. A process that gains a reason to cross one of these
 * fences is a change of the threat model: change DESIGN §4, docs/threat-model.md and this together.
 */
export const fences: readonly Fence[] = [
  {
    // I3: no private key. It seals at the door, so openpgp itself is here.
    entry: 'src/run/intake-process.ts',
    never: [...privateKeys, 'src/adapters/public-site', 'src/adapters/opener', 'node:child_process'],
  },
  {
    // P3: listens to nobody, speaks to nobody but its databases, parses no hostile bytes itself.
    entry: 'src/run/keyholder.ts',
    never: [
      'src/adapters/smtp',
      'src/adapters/mail-auth',
      'src/adapters/public-site',
      'src/adapters/html',
      'src/adapters/postgres/cluster',
      'src/adapters/opener/serve-opener.ts',
      // Mail and certificates of strangers are taken apart in the child alone.
      'src/mail/split-entity.ts',
      'src/adapters/openpgp/read-certificates.ts',
      'src/adapters/openpgp/examine-certificates.ts',
      'src/adapters/openpgp/certificate-use.ts',
      ...servers,
      'node:child_process',
    ],
    exactPackages: ['openpgp', 'pg', 'kysely', 'zod', 'pino', 'smol-toml'],
  },
  {
    // P3: the child for hostile bytes: no keys, no database, no network, no files.
    entry: 'src/run/opener.ts',
    never: [
      ...privateKeys,
      'src/adapters/postgres',
      'src/adapters/smtp',
      'src/adapters/mail-auth',
      'src/run/config',
      'pg',
      'kysely',
      ...servers,
      'node:fs',
      'node:child_process',
    ],
  },
  {
    // R3: sender opens with one key, its own, what the keyholder permits it to send in clear; it signs nothing. It
    // listens in one place, on loopback, to tell whether the server works, and asks key directories from another (P6).
    entry: 'src/run/sender-process.ts',
    never: [
      'src/adapters/openpgp/keyring',
      'src/adapters/openpgp/operator-key',
      'src/adapters/openpgp/private/generate-key.ts',
      'src/adapters/openpgp/private/sign-detached.ts',
      'src/run/keyholder.ts',
      'src/adapters/public-site',
      'src/adapters/html',
      'src/adapters/opener',
      'node:http2',
      'node:dgram',
      'node:worker_threads',
      'node:child_process',
      'smtp-server',
      'hono',
      '@hono/node-server',
    ],
    onlyFrom: {
      'node:http': ['src/adapters/monitoring/serve-monitoring.ts'],
      'node:https': ['src/adapters/key-directory/ask-directory.ts'],
      'node:dns': ['src/adapters/key-directory/ask-directory.ts'],
      'node:net': [
        'src/adapters/key-directory/ask-directory.ts',
        'src/adapters/key-directory/public-address.ts',
        'src/adapters/smtp/relay-connection.ts',
        'src/adapters/smtp/relay-wire.ts',
        'src/run/supervisor/ready-line.ts',
        'src/run/supervisor/supervised.ts',
      ],
    },
  },
  {
    // P4: no keys and no private right.
    entry: 'src/run/public-keeper.ts',
    never: [
      ...privateKeys,
      'src/adapters/opener',
      'src/adapters/postgres/private-store.ts',
      'src/adapters/openpgp/operator-key',
      // The operator's word is a plain Ed25519 signature: a library for OpenPGP would be there for nothing.
      'openpgp',
      'node:child_process',
    ],
  },
  {
    // I4: reads the public record; has no business with OpenPGP at all.
    entry: 'src/run/public-site.ts',
    never: [
      'src/adapters/openpgp',
      'openpgp',
      'src/adapters/opener',
      'src/adapters/smtp',
      'src/adapters/postgres/private-store.ts',
      'src/adapters/postgres/inbox-store.ts',
      'src/adapters/postgres/outbox-store.ts',
      'src/run/keyholder.ts',
      'node:child_process',
    ],
  },
];
