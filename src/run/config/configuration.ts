import { availableParallelism } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { type Address, parseAddress } from '../../mail/address.ts';
import type { Duration } from '../../time/instant.ts';
import { type DataDirectory, dataDirectory } from './data-directory.ts';
import type { Document } from './document.ts';
import type { HostPort } from './quantities.ts';

/** What `embargod.toml` says, for the processes. Sizes in bytes, durations in milliseconds, paths absolute. */
export type Configuration = Readonly<{
  directory: DataDirectory;
  domain: string;
  demo: boolean;
  smtp: Readonly<{
    listen: readonly HostPort[];
    /** Paths of PEM files. */
    tls: Readonly<{ certificate: string; key: string }> | undefined;
  }>;
  lmtp: Readonly<{ listen: readonly HostPort[] }>;
  intake: Readonly<{ processes: number }>;
  limits: Readonly<{
    messageSize: number;
    recipients: number;
    connections: number;
    connectionsPerAddress: number;
    messagesPerMinute: number;
  }>;
  authentication: Readonly<{ resolver: 'system' | 'off' | HostPort }>;
  relay:
    | Readonly<
        HostPort & {
          tls: 'opportunistic' | 'required' | 'none';
          login: Readonly<{ username: string; passwordFile: string }> | undefined;
          connections: number;
        }
      >
    | undefined;
  retry: Readonly<{ first: Duration; longest: Duration; giveUpAfter: Duration }>;
  /** `url`: where people reach the pages, without a final slash. */
  publicSite: Readonly<{ listen: readonly HostPort[]; url: string }>;
  database:
    | Readonly<{ kind: 'embedded'; privateName: string; publicName: string }>
    | Readonly<{ kind: 'external'; server: string; privateName: string; publicName: string }>;
  passphrase:
    | Readonly<{ kind: 'file'; path: string }>
    | Readonly<{ kind: 'credential'; name: string }>
    | Readonly<{ kind: 'prompt' }>
    | Readonly<{ kind: 'unprotected' }>;
  users: Readonly<{
    mode: 'separate' | 'shared';
    intake: string;
    keyholder: string;
    keyholderChild: string;
    sender: string;
    publicKeeper: string;
    publicSite: string;
    database: string;
  }>;
  monitoring: Readonly<{ listen: readonly HostPort[]; alarmsTo: Address | undefined }>;
  /** Whether `sender` asks them. */
  keyDirectories: boolean;
  log: Readonly<{ level: 'debug' | 'info' | 'warn' | 'error' }>;
  sink: Readonly<{ smtp: HostPort; pages: HostPort }> | undefined;
}>;

/** Two take more than a mail server hands over (docs/performance.md), and when one dies the door stays open. */
const usualIntakes = 2;

/** From the file's words to ours. `document` has been checked: keys that need each other are there. */
export function configurationFrom(root: string, document: Document): Configuration {
  const { smtp, limits, retry, users, sink } = document;
  const absolute = (path: string) => (isAbsolute(path) ? path : join(root, path));
  return {
    directory: dataDirectory(root),
    domain: document.domain,
    demo: document.demo,
    smtp: {
      listen: smtp.listen,
      tls:
        smtp.tls_certificate === undefined || smtp.tls_key === undefined
          ? undefined
          : { certificate: absolute(smtp.tls_certificate), key: absolute(smtp.tls_key) },
    },
    lmtp: { listen: document.lmtp.listen },
    intake: { processes: document.intake.processes ?? Math.min(availableParallelism(), usualIntakes) },
    limits: {
      messageSize: limits.message_size,
      recipients: limits.recipients,
      connections: limits.connections,
      connectionsPerAddress: limits.connections_per_address,
      messagesPerMinute: limits.messages_per_minute,
    },
    authentication: { resolver: document.authentication.resolver },
    relay: relayFrom(document.relay, absolute),
    retry: { first: retry.first, longest: retry.longest, giveUpAfter: retry.give_up_after },
    publicSite: {
      listen: document.public_site.listen,
      url: document.public_site.url ?? `https://${document.domain}`,
    },
    database: databaseFrom(document.database),
    passphrase: passphraseFrom(document.keys, absolute),
    users: {
      mode: users.mode,
      intake: users.intake,
      keyholder: users.keyholder,
      keyholderChild: users.keyholder_child,
      sender: users.sender,
      publicKeeper: users.public_keeper,
      publicSite: users.public_site,
      database: users.database,
    },
    monitoring: {
      listen: document.monitoring.listen,
      alarmsTo: parseAddress(document.monitoring.alarms_to ?? ''),
    },
    // Nothing of a demo leaves the machine.
    keyDirectories: document.key_directories.ask && !document.demo,
    log: { level: document.log.level },
    sink: sink.smtp && sink.pages ? { smtp: sink.smtp, pages: sink.pages } : undefined,
  };
}

function relayFrom(relay: Document['relay'], absolute: (path: string) => string): Configuration['relay'] {
  if (relay.address === undefined) return undefined;
  const { username, password_file: file } = relay;
  return {
    ...relay.address,
    tls: relay.tls,
    login: username && file ? { username, passwordFile: absolute(file) } : undefined,
    connections: relay.connections,
  };
}

function databaseFrom(database: Document['database']): Configuration['database'] {
  const names = { privateName: database.private_name, publicName: database.public_name };
  return database.embedded || database.server === undefined
    ? { kind: 'embedded', ...names }
    : { kind: 'external', server: database.server, ...names };
}

function passphraseFrom(
  keys: Document['keys'],
  absolute: (path: string) => string,
): Configuration['passphrase'] {
  if (keys.passphrase === 'file') return { kind: 'file', path: absolute(keys.passphrase_file ?? '') };
  if (keys.passphrase === 'credential') return { kind: 'credential', name: keys.credential };
  return { kind: keys.passphrase };
}
