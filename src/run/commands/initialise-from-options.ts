import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Answer } from '../../message/requests/request.ts';
import { askOnTerminal } from '../config/ask-on-terminal.ts';
import type { Configuration } from '../config/configuration.ts';
import type { DocumentValues } from '../config/document.ts';
import { ConfigurationError } from '../config/read-configuration.ts';
import { readPassphrase, readPassphraseFile, shortestPassphrase } from '../config/read-passphrase.ts';
import { initialise } from '../init/initialise.ts';
import { findSystemUser } from '../plan-processes.ts';
import { readableBy } from '../readable-by.ts';
import type { InitOptions } from './deed.ts';
import { say } from './progress.ts';

export async function initialiseFromOptions(data: string, options: InitOptions): Promise<Answer> {
  const { keys, passphrase } = await protection(options);
  const { configuration, sql } = await initialise({
    data,
    values: { ...valuesFrom(options), keys },
    passphrase,
    databaseUrl: options.database,
    say,
  });
  const { root, configuration: file } = configuration.directory;
  if (sql !== undefined) return sqlAnswer(configuration, sql);
  const text = [
    `${root} is ready. Its configuration, to be read and edited: ${file}`,
    ...(options.unprotectedKeys
      ? ['The keys at rest have no passphrase: whoever reads the disk reads the lists.']
      : []),
    ...passphraseAdvice(configuration),
    ...(configuration.publicSite.listen.length > 0
      ? []
      : [
          'The public pages are off (public_site.listen): reporters get a list’s key from you, `embargod list key LIST`.',
        ]),
    'Next:',
    `  embargod doctor --data ${root}`,
    ...(configuration.passphrase.kind === 'credential'
      ? ['  systemctl enable --now embargod     (contrib/systemd; commands need it)']
      : [`  embargod run --data ${root}`]),
    `  embargod list add linux-distros --preset linux-distros --data ${root}`,
  ];
  return { kind: 'done', text, data: { directory: root, configuration: file } };
}

/** Root reads any file; the keyholder's own user does not. An encrypted credential opens on this machine only. */
function passphraseAdvice({ passphrase, users }: Configuration): readonly string[] {
  if (passphrase.kind === 'credential') {
    return [
      'Keep the passphrase off this machine too: a credential that systemd encrypted opens on no other.',
    ];
  }
  const keyholder = users.mode === 'separate' ? findSystemUser(users.keyholder) : undefined;
  if (passphrase.kind !== 'file' || !keyholder || readableBy(passphrase.path, keyholder)) return [];
  return [
    `The user ${users.keyholder} cannot read ${passphrase.path} yet. Put it where that user may go, and: chown ${users.keyholder} ${passphrase.path}`,
  ];
}

/** The SQL alone on standard output, so that it can be piped to psql or into a mail. */
async function sqlAnswer({ directory }: Configuration, sql: string): Promise<Answer> {
  const file = join(directory.root, 'setup.sql');
  await writeFile(file, sql, { mode: 0o600 });
  say(`That role may not make databases and roles. Everything else is ready in ${directory.root}.`);
  say(`Have an administrator of the server run the SQL below, also in ${file}: psql --file ${file} postgres`);
  return { kind: 'done', text: [sql.trimEnd()], data: { directory: directory.root, sql: file } };
}

function valuesFrom(options: InitOptions): DocumentValues {
  const separate = process.getuid?.() === 0 && !options.sharedUser;
  const listening = (places: readonly string[]) => (places.length === 0 ? {} : { listen: [...places] });
  return {
    domain: options.domain,
    demo: false,
    smtp: listening(options.smtp),
    lmtp: listening(options.lmtp),
    intake: {},
    limits: {},
    authentication: {},
    relay: options.relay === undefined ? {} : { address: options.relay },
    retry: {},
    public_site: listening(options.publicSite),
    database:
      options.database === undefined ? {} : { embedded: false, server: withoutLogin(options.database) },
    keys: {},
    users: { mode: separate ? 'separate' : 'shared', ...userNames(options.userPrefix) },
    monitoring: {},
    key_directories: {},
    log: {},
    sink: {},
  };
}

function userNames(prefix: string | undefined): Partial<DocumentValues['users']> {
  if (prefix === undefined) return {};
  return {
    intake: `${prefix}-intake`,
    keyholder: `${prefix}-keyholder`,
    keyholder_child: `${prefix}-opener`,
    sender: `${prefix}-sender`,
    public_keeper: `${prefix}-public`,
    public_site: `${prefix}-site`,
    database: `${prefix}-postgres`,
  };
}

/** The role that sets up is not one that any process uses: its name and password are written nowhere. */
function withoutLogin(text: string): string {
  if (!URL.canParse(text) || !/^postgres(ql)?:\/\//.test(text)) {
    throw new ConfigurationError(
      '--database must be a postgresql:// address, such as postgresql://admin@db.example.org:5432.',
    );
  }
  const url = new URL(text);
  const query = url.searchParams.size > 0 ? `?${url.searchParams}` : '';
  return `postgresql://${url.host}${query}`;
}

type Protection = Readonly<{ keys: DocumentValues['keys']; passphrase: string | undefined }>;

async function protection(options: InitOptions): Promise<Protection> {
  const { passphraseFile: file, credential, unprotectedKeys } = options;
  if (unprotectedKeys && (file !== undefined || credential !== undefined)) {
    throw new ConfigurationError('--unprotected-keys goes with neither --passphrase-file nor --credential.');
  }
  if (unprotectedKeys) return { keys: { passphrase: 'unprotected' }, passphrase: undefined };
  // The service's credential is out of reach here, and is made from that file.
  if (file !== undefined && credential !== undefined) {
    return {
      keys: { passphrase: 'credential', credential },
      passphrase: await readPassphraseFile(file),
    };
  }
  if (file !== undefined) {
    return {
      keys: { passphrase: 'file', passphrase_file: file },
      passphrase: await readPassphraseFile(file),
    };
  }
  if (credential !== undefined) {
    const passphrase = await readPassphrase({ kind: 'credential', name: credential });
    return { keys: { passphrase: 'credential', credential }, passphrase };
  }
  if (!process.stdin.isTTY) {
    throw new ConfigurationError(
      'The keys need a passphrase: give --passphrase-file FILE or --credential NAME, or say --unprotected-keys.',
    );
  }
  return { keys: { passphrase: 'prompt' }, passphrase: await newPassphrase() };
}

async function newPassphrase(): Promise<string> {
  const first = await askOnTerminal('Passphrase for the keys: ');
  if (first.length < shortestPassphrase) {
    throw new ConfigurationError(`A passphrase has at least ${shortestPassphrase} characters.`);
  }
  if ((await askOnTerminal('The same again: ')) !== first) {
    throw new ConfigurationError('The two passphrases differ; start again.');
  }
  return first;
}
