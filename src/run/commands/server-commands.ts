import { type Command, InvalidArgumentError } from 'commander';
import { domainPattern } from '../config/quantities.ts';
import { type ServerProcessName, serverProcessNames } from './deed.ts';
import { collectPlaces, leaf, type RunCommand, readPlace } from './run-command.ts';

function readDomain(text: string): string {
  const domain = text.toLowerCase();
  if (!domainPattern.test(domain))
    throw new InvalidArgumentError('It must be a domain, such as lists.example.org.');
  return domain;
}

function readProcessNames(text: string): readonly ServerProcessName[] {
  return text.split(',').map((name) => {
    const known = serverProcessNames.find((process) => process === name.trim());
    if (known === undefined)
      throw new InvalidArgumentError(`Processes are ${serverProcessNames.join(', ')}.`);
    return known;
  });
}

function readUserPrefix(text: string): string {
  if (!/^[a-z_][a-z0-9_-]{0,19}$/.test(text))
    throw new InvalidArgumentError('It must be the beginning of a system user’s name, such as embargod.');
  return text;
}

export function addServerCommands(program: Command, run: RunCommand): void {
  addInit(program, run);
  leaf(program, {
    usage: 'run',
    about:
      'Starts the server: every process, or some, under one supervisor. Ctrl-C or SIGTERM stops it in order.',
    examples: ['run', 'run --only intake,sender'],
  })
    .option('--only <processes>', `some of ${serverProcessNames.join(',')}`, readProcessNames)
    .action((options) => run({ kind: 'run', only: options.only ?? serverProcessNames }, options));
  leaf(program, {
    usage: 'upgrade',
    about:
      'Brings a PostgreSQL of yours up to date after an upgrade, or prints the SQL that does; the embedded one needs nothing.',
    examples: ['upgrade --database postgresql://admin@db.example.org', 'upgrade > upgrade.sql'],
  })
    .option('--database <url>', 'the server, as a role that may change the databases')
    .action((options) => run({ kind: 'upgrade', database: options.database }, options));
  leaf(program, {
    usage: 'doctor',
    about:
      'Checks configuration, database rights, users, keys and expiry, ports, relay, clock, core dumps and swap; says what to do.',
    examples: ['doctor', 'doctor --json'],
  }).action((options) => run({ kind: 'doctor' }, options));
}

function addInit(program: Command, run: RunCommand): void {
  leaf(program, {
    usage: 'init',
    about: 'Makes a data directory: configuration, keys, databases.',
    examples: [
      'init --data /var/lib/embargod --domain lists.example.org --lmtp 127.0.0.1:2424 --relay 127.0.0.1:10025 --passphrase-file /etc/embargod/passphrase --credential embargod-passphrase',
      'init --data ./try --domain lists.example.org --unprotected-keys',
    ],
  })
    .requiredOption('--domain <domain>', 'domain of the lists', readDomain)
    .option('--smtp <place>', 'HOST:PORT to take mail at; repeat for more', collectPlaces)
    .option('--lmtp <place>', 'HOST:PORT to take mail at by LMTP; repeat for more', collectPlaces)
    .option('--relay <place>', 'HOST:PORT of your mail server, for all outgoing mail', readPlace)
    .option('--public-site <place>', 'HOST:PORT of the public pages; repeat for more', collectPlaces)
    .option(
      '--database <url>',
      'PostgreSQL of yours, as a role that may create databases and roles (else embedded)',
    )
    .option('--passphrase-file <file>', 'file whose first line protects the keys at rest')
    .option(
      '--credential <name>',
      'systemd credential that protects the keys at rest; with --passphrase-file, made from that file',
    )
    .option('--unprotected-keys', 'leave the keys at rest without passphrase; doctor reports it')
    .option('--shared-user', 'run every process as one user; doctor reports it')
    .option(
      '--user-prefix <prefix>',
      'first part of the system users’ names (default embargod)',
      readUserPrefix,
    )
    .action((options) =>
      run(
        {
          kind: 'init',
          options: {
            domain: options.domain,
            smtp: options.smtp ?? [],
            lmtp: options.lmtp ?? [],
            publicSite: options.publicSite ?? [],
            relay: options.relay,
            database: options.database,
            passphraseFile: options.passphraseFile,
            credential: options.credential,
            unprotectedKeys: options.unprotectedKeys === true,
            sharedUser: options.sharedUser === true,
            userPrefix: options.userPrefix,
          },
        },
        options,
      ),
    );
}
