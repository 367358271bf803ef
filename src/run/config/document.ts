/**
 * Every key of `embargod.toml`, with what it means, in the order in which the file is printed.
 * The file itself, `docs/config.md` and each error about a key come from here; nothing else knows the keys.
 */
import { z } from 'zod';
import { intake, limits, whole } from './intake-sections.ts';
import { key } from './key-note.ts';
import { keyDirectories, log, monitoring } from './monitoring-section.ts';
import { domainPattern, duration, hostPort } from './quantities.ts';

const systemUser = z.string().regex(/^[a-z_][a-z0-9_-]{0,30}$/);
const addresses = (about: string, example: string) =>
  key(z.array(hostPort).default([]), {
    about,
    expects: 'a list of "HOST:PORT", IPv6 in brackets',
    example,
  });
const time = (preset: number, about: string, example: string) =>
  key(duration.default(preset), { about, expects: 'a number with s, m, h or d', example });
const user = (name: string, about: string) =>
  key(systemUser.default(name), { about, expects: 'the name of a system user', example: `"${name}"` });

const smtp = z.strictObject({
  listen: addresses('Where reports come in over SMTP.', '["0.0.0.0:25", "[::]:25"]'),
  tls_certificate: key(z.string().min(1).optional(), {
    about: 'PEM file with the certificate chain for STARTTLS. Without one, mail comes in without TLS.',
    expects: 'the path of a file',
    example: '"/etc/embargod/fullchain.pem"',
    reload: true,
  }),
  tls_key: key(z.string().min(1).optional(), {
    about: 'PEM file with the private key of that certificate; readable by the intake user.',
    expects: 'the path of a file',
    example: '"/etc/embargod/privkey.pem"',
    reload: true,
  }),
});

const lmtp = z.strictObject({
  listen: addresses('Where a mail server of yours hands mail over by LMTP (RFC 2033).', '["127.0.0.1:2424"]'),
});

const authentication = z.strictObject({
  resolver: key(z.union([z.literal(['system', 'off']), hostPort]).default('system'), {
    about:
      'Who answers the DNS questions of SPF, DKIM and DMARC. With "off" nothing is checked, so no sender counts as authenticated and no receipt goes to people without a known key.',
    expects: '"system", "off" or "IP:PORT"',
    example: '"127.0.0.1:53"',
  }),
});

const relay = z.strictObject({
  address: key(hostPort.optional(), {
    about: 'Your mail server, to which all outgoing mail is handed. Without one, mail waits in the outbox.',
    expects: '"HOST:PORT", IPv6 in brackets',
    example: '"mail.example.org:587"',
    reload: true,
  }),
  tls: key(z.literal(['opportunistic', 'required', 'none']).default('opportunistic'), {
    about: 'STARTTLS towards the relay: when offered, always with a checked certificate, or never.',
    expects: '"opportunistic", "required" or "none"',
    example: '"required"',
    reload: true,
  }),
  username: key(z.string().min(1).optional(), {
    about: 'Name to log in with, where the relay wants one.',
    expects: 'a text',
    example: '"embargod"',
    reload: true,
  }),
  password_file: key(z.string().min(1).optional(), {
    about: 'File whose first line is the password; readable by the sender user.',
    expects: 'the path of a file',
    example: '"/etc/embargod/relay-password"',
    reload: true,
  }),
  connections: key(whole(1, 100).default(5), {
    about: 'Most connections to the relay at one time.',
    expects: 'a whole number from 1 to 100',
    example: '5',
  }),
});

const retry = z.strictObject({
  first: time(300_000, 'Wait before the second attempt; each later wait is longer, with jitter.', '"5m"'),
  longest: time(14_400_000, 'Longest wait between two attempts.', '"4h"'),
  give_up_after: time(
    432_000_000,
    'Age at which a copy counts as failed; the administrators are told.',
    '"5d"',
  ),
});

const publicSite = z.strictObject({
  listen: addresses(
    'Where the public pages are served; put your web server with TLS before it.',
    '["127.0.0.1:8080"]',
  ),
  url: key(
    z
      .string()
      .regex(/^https?:\/\/[^\s/]+$/)
      .optional(),
    {
      about: 'Where people reach these pages; else https:// and the domain.',
      expects: 'an address without a path',
      example: '"https://lists.example.org"',
    },
  ),
});

const database = z.strictObject({
  embedded: key(z.boolean().default(true), {
    about: 'Run PostgreSQL in the data directory. With false, `server` names one that you run.',
    expects: 'true or false',
    example: 'true',
  }),
  server: key(
    z
      .string()
      .regex(/^postgres(ql)?:\/\/[^@\s]+$/)
      .optional(),
    {
      about:
        'Your PostgreSQL (15 or newer), without a name or password: each process logs in as its own role, with the password in the file of that name under `passwords/`.',
      expects: 'a postgresql:// address without user and password',
      example: '"postgresql://db.example.org:5432?sslmode=verify-full"',
    },
  ),
  private_name: key(
    z
      .string()
      .regex(/^[a-z_][a-z0-9_]{0,62}$/)
      .default('embargod_private'),
    {
      about: 'Name of the database that holds what is under embargo, sealed.',
      expects: 'a name of lower-case letters, digits and _',
      example: '"embargod_private"',
    },
  ),
  public_name: key(
    z
      .string()
      .regex(/^[a-z_][a-z0-9_]{0,62}$/)
      .default('embargod_public'),
    {
      about: 'Name of the database of public lists and pages.',
      expects: 'a name of lower-case letters, digits and _',
      example: '"embargod_public"',
    },
  ),
});

const keys = z.strictObject({
  passphrase: key(z.literal(['file', 'credential', 'prompt', 'unprotected']).default('prompt'), {
    about:
      'Where the passphrase of the keys at rest comes from: a file, a systemd credential, a question at start, or nowhere (`doctor` then warns).',
    expects: '"file", "credential", "prompt" or "unprotected"',
    example: '"credential"',
  }),
  passphrase_file: key(z.string().min(1).optional(), {
    about: 'For "file": its first line is the passphrase; readable by the keyholder user only.',
    expects: 'the path of a file',
    example: '"/etc/embargod/passphrase"',
  }),
  credential: key(
    z
      .string()
      .regex(/^[A-Za-z0-9._-]+$/)
      .default('embargod-passphrase'),
    {
      about: 'For "credential": its name under CREDENTIALS_DIRECTORY (systemd.exec, LoadCredential=).',
      expects: 'a file name',
      example: '"embargod-passphrase"',
    },
  ),
});

const users = z.strictObject({
  mode: key(z.literal(['separate', 'shared']).default('separate'), {
    about:
      'separate: every process has its own system user, so that no other reads the keys. shared: all run as one user; `doctor` fails on it outside a demo.',
    expects: '"separate" or "shared"',
    example: '"separate"',
  }),
  intake: user('embargod-intake', 'User of the process that takes mail in.'),
  keyholder: user('embargod-keyholder', 'User of the process that holds the keys.'),
  keyholder_child: user('embargod-opener', 'User of its child, which reads hostile bytes and has no rights.'),
  sender: user('embargod-sender', 'User of the process that sends mail.'),
  public_keeper: user('embargod-public', 'User of the process that keeps the public lists.'),
  public_site: user('embargod-site', 'User of the process that serves the public pages.'),
  database: user('embargod-postgres', 'User of the embedded PostgreSQL.'),
});

const sink = z.strictObject({
  smtp: key(hostPort.optional(), {
    about: 'Demo only: where the built-in sink takes all outgoing mail.',
    expects: '"HOST:PORT" on loopback',
    example: '"127.0.0.1:2526"',
  }),
  pages: key(hostPort.optional(), {
    about: 'Demo only: where the mailboxes of the sink are shown.',
    expects: '"HOST:PORT" on loopback',
    example: '"127.0.0.1:8081"',
  }),
});

/** Sections and what each is about; strict, so that a misspelt key is an error and not a silent default. */
export const sections = {
  smtp: { about: 'Mail in.', schema: smtp },
  lmtp: { about: 'Mail in from a mail server of yours.', schema: lmtp },
  intake: { about: 'The processes that take mail in.', schema: intake },
  limits: {
    about: 'What one sender may ask of this server. Each of several intake processes allows its even share.',
    schema: limits,
  },
  authentication: { about: 'Who a sender really is.', schema: authentication },
  relay: { about: 'Mail out.', schema: relay },
  retry: { about: 'Copies that could not be delivered at once.', schema: retry },
  public_site: { about: 'Public pages.', schema: publicSite },
  database: { about: 'PostgreSQL.', schema: database },
  keys: { about: 'Private keys at rest.', schema: keys },
  users: { about: 'System users (decision P1).', schema: users },
  monitoring: { about: 'What tells whether this server works (docs/operation.md).', schema: monitoring },
  key_directories: { about: 'What members publish of their certificates.', schema: keyDirectories },
  log: { about: 'The log, on standard output.', schema: log },
  sink: { about: 'The built-in mailboxes of a demo.', schema: sink },
} as const;

export const topKeys = {
  domain: key(z.string().regex(domainPattern), {
    about: 'Domain of the lists: a list NAME has the address NAME@domain. It cannot change later.',
    expects: 'a domain name in lower case',
    example: '"lists.example.org"',
  }),
  demo: key(z.boolean().default(false), {
    about:
      'Written once by init, for ever: a demo stays on loopback, under a reserved domain, and its keys are refused elsewhere.',
    expects: 'true or false',
    example: 'false',
  }),
} as const;

export const document = z.strictObject({
  ...topKeys,
  smtp,
  lmtp,
  intake,
  limits,
  authentication,
  relay,
  retry,
  public_site: publicSite,
  database,
  keys,
  users,
  monitoring,
  key_directories: keyDirectories,
  log,
  sink,
});

/** The file's values as read. */
export type Document = z.output<typeof document>;
/** The file's values as written: what `init` sets, everything else stays at its default. */
export type DocumentValues = z.input<typeof document>;
