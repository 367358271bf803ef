/** A real installation for one test: `init` by the command line, a sink as its relay, people with keys that gpg made. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Gnupg, makeGnupg } from './gnupg.ts';
import { type MailSink, type MailSinkOptions, startMailSink } from './mail-sink.ts';
import {
  embargod,
  freePorts,
  type How,
  openDirectory,
  type Ran,
  type Started,
  startEmbargod,
} from './real-server.ts';
import { dial } from './smtp-client.ts';

const listAddress = 'linux-distros@lists.example.org';
export const passphrase = 'correct horse battery staple';

export type Installation = Readonly<{
  folder: string;
  data: string;
  smtpPort: number;
  sitePort: number;
  monitoringPort: number;
  sink: MailSink;
  gpg: Gnupg;
  /** A command of the operator, with `--data`. */
  operator: (...args: readonly string[]) => Promise<Ran>;
  /** The same; fails the test unless it exits with 0. Gives what it printed. */
  order: (...args: readonly string[]) => Promise<string>;
  /** `order` with `--json`, parsed. */
  ask: (...args: readonly string[]) => Promise<unknown>;
  /** Replaces text in `embargod.toml`; fails the test if it is not there. */
  configure: (from: string | RegExp, to: string) => Promise<void>;
  /** `embargod run`, once it is ready. */
  run: () => Promise<Started>;
  /** Makes a key and writes its public half to a file, which is named. */
  person: (name: string, address: string, expiry?: string) => Promise<string>;
  /** A report that gpg encrypted to a list and signed. */
  write: (from: string, subject: string, id: string) => Promise<string>;
  /** Sends a report that gpg encrypted to a list and signed; gives the answer to the final dot, '' when it was lost. */
  report: (from: string, subject: string, id: string) => Promise<string>;
  /** Sends any mail. */
  send: (from: string, to: string, raw: string) => Promise<string>;
  close: () => Promise<void>;
}>;

export type InstallationOptions = Readonly<{
  init?: readonly string[];
  /** For every command but `run`, and for that. */
  how?: How;
  howToRun?: How;
  sink?: MailSinkOptions;
  /** Processes that take mail in; a test that stops or starves the intake means the only one. */
  intakes?: number;
}>;

/** Passphrase in a file and one user for all, unless `init` says otherwise. */
export async function makeInstallation(options: InstallationOptions = {}): Promise<Installation> {
  const directory = await openDirectory();
  const folder = directory.path;
  const data = join(folder, 'data');
  // The sink first: it could be given one of the ports that are found free.
  const [sink, gpg] = await Promise.all([startMailSink(options.sink), makeGnupg()]);
  const [smtpPort = 0, sitePort = 0, monitoringPort = 0] = await freePorts(3);
  const secret = join(folder, 'passphrase');
  await writeFile(secret, `${passphrase}\n`, { mode: 0o600 });
  const operator: Installation['operator'] = (...args) => embargod([...args, '--data', data], options.how);
  const order: Installation['order'] = async (...args) => {
    const ran = await operator(...args);
    if (ran.code !== 0) throw new Error(`embargod ${args.join(' ')} exited with ${ran.code}:\n${ran.stderr}`);
    return ran.stdout;
  };
  const configure: Installation['configure'] = async (from, to) => {
    const file = join(data, 'embargod.toml');
    const text = await readFile(file, 'utf8');
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`embargod.toml has no ${from}.`);
    await writeFile(file, changed);
  };
  const places = ['--smtp', `127.0.0.1:${smtpPort}`, '--public-site', `127.0.0.1:${sitePort}`];
  const init = options.init ?? ['--passphrase-file', secret, '--shared-user'];
  const relay = ['--relay', `127.0.0.1:${sink.port}`];
  const close = async () => {
    await sink.close();
    await gpg.remove();
    await directory.remove();
  };
  try {
    await order('init', '--domain', 'lists.example.org', ...places, ...relay, ...init);
    // No key directory, and no name server, is asked by a test.
    await configure('# ask = true', 'ask = false');
    await configure('[authentication]\n', '[authentication]\nresolver = "off"\n');
    await configure('[intake]\n', `[intake]\nprocesses = ${options.intakes ?? 1}\n`);
    await configure('[monitoring]\n', `[monitoring]\nlisten = ["127.0.0.1:${monitoringPort}"]\n`);
  } catch (error) {
    await close();
    throw error;
  }
  const send: Installation['send'] = (from, to, raw) => deliver(smtpPort, from, to, raw);
  const write: Installation['write'] = async (from, subject, id) => {
    const inside = `Content-Type: text/plain\r\nSubject: ${subject}\r\n\r\n${subject}: it overflows.\r\n`;
    const signed = ['--armor', '--sign', '-u', from];
    const armour = await gpg.encrypt(inside, [listAddress], signed);
    return encryptedMail(from, id, Buffer.from(armour).toString());
  };
  return {
    folder,
    data,
    smtpPort,
    sitePort,
    monitoringPort,
    sink,
    gpg,
    operator,
    order,
    ask: async (...args) => JSON.parse(await order(...args, '--json')),
    configure,
    run: async () => {
      const server = startEmbargod(['run', '--data', data], options.howToRun ?? options.how);
      await server.line(/embargod runs/);
      return server;
    },
    person: async (name, address, expiry) => {
      const fingerprint = await gpg.generate('ed25519', `${name} <${address}>`, expiry);
      const file = join(folder, `${address}.asc`);
      await writeFile(file, await gpg.exportPublic(fingerprint, true));
      return file;
    },
    send,
    write,
    report: async (from, subject, id) => send(from, listAddress, await write(from, subject, id)),
    close,
  };
}

function encryptedMail(from: string, id: string, armour: string): string {
  return [
    `From: ${from}`,
    `To: ${listAddress}`,
    'Subject: ...',
    `Message-ID: <${id}@researcher.example>`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="b"',
    '',
    '--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n',
    `--b\nContent-Type: application/octet-stream\n\n${armour}\n--b--`,
    '',
  ].join('\n');
}

async function deliver(port: number, from: string, to: string, raw: string): Promise<string> {
  const client = await dial(port);
  try {
    for (const line of ['EHLO researcher.example', `MAIL FROM:<${from}>`, `RCPT TO:<${to}>`, 'DATA']) {
      const reply = await client.say(line);
      if (!/^[23]/.test(reply)) return reply;
    }
    client.send(`${raw.replace(/\r?\n/g, '\r\n')}\r\n.\r\n`);
    return await client.hear();
  } finally {
    client.close();
  }
}
