/**
 * Debian's Postfix with the files of contrib/postfix: configuration, queue and ports of its own, on loopback, in the
 * foreground, ended by its id. What it would send to the world goes to a sink.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findSystemUser } from '../../src/run/plan-processes.ts';
import { logLines } from './log-lines.ts';
import { freePorts } from './real-server.ts';

export type Postfix = Readonly<{
  /** Where the world hands mail in; the same with `smtpd_proxy_filter`; where embargod does. */
  worldPort: number;
  proxyPort: number;
  relayPort: number;
  /** What it logged. */
  lines: readonly string[];
  line: (pattern: RegExp) => Promise<unknown>;
  queue: () => Promise<string>;
  stop: () => Promise<void>;
}>;

const contrib = new URL('../../contrib/postfix/', import.meta.url);

export async function startPostfix(
  ports: Readonly<{ lmtp: number; smtp: number; sink: number }>,
): Promise<Postfix> {
  const owner = findSystemUser('postfix');
  if (!owner) throw new Error('The Debian package postfix is not installed.');
  const folder = await mkdtemp(join(tmpdir(), 'pf-'));
  await chmod(folder, 0o755);
  // Not /dev/stdout: Node's pipes are sockets, which cannot be opened by name.
  const logFile = join(folder, 'log');
  await writeFile(logFile, '');
  const places = { config: join(folder, 'etc'), queue: join(folder, 'queue'), data: join(folder, 'data') };
  for (const place of Object.values(places)) await mkdir(place, { mode: 0o755 });
  await chown(places.data, owner.uid, owner.gid);
  const [worldPort = 0, proxyPort = 0, relayPort = 0] = await freePorts(3);
  const name = (file: string) => readFile(new URL(file, contrib), 'utf8');
  const here = (text: string) => text.replaceAll('/etc/postfix/', `${places.config}/`);
  const main = [
    `compatibility_level = 3.6`,
    `queue_directory = ${places.queue}`,
    `data_directory = ${places.data}`,
    `maillog_file_prefixes = ${folder}`,
    `maillog_file = ${logFile}`,
    'inet_interfaces = 127.0.0.1',
    'inet_protocols = ipv4',
    // As on a machine that is called like its lists' domain, which Debian then counts as its own.
    'myhostname = lists.example.org',
    'mynetworks = 127.0.0.99/32',
    'alias_maps =',
    `relayhost = [127.0.0.1]:${ports.sink}`,
    here(await name('main.cf')).replace(/^smtpd_tls_.*$/gm, ''),
  ];
  await writeFile(join(places.config, 'main.cf'), `${main.join('\n')}\n`);
  const transport = here(await name('embargod-transport')).replaceAll(
    '127.0.0.1:2424',
    `127.0.0.1:${ports.lmtp}`,
  );
  await writeFile(join(places.config, 'embargod-transport'), transport);
  await writeFile(join(places.config, 'embargod-recipients'), await name('embargod-recipients'));
  const services = await debianServices();
  const ours = (await name('master.cf'))
    .replaceAll('127.0.0.1:10025', `127.0.0.1:${relayPort}`)
    .replace(/^#(192\.0\.2\.1:25 | {2}-o )/gm, '$1')
    .replace('192.0.2.1:25', `127.0.0.1:${proxyPort}`)
    .replace('127.0.0.1:2525', `127.0.0.1:${ports.smtp}`);
  const world = `127.0.0.1:${worldPort} inet n - n - - smtpd`;
  await writeFile(join(places.config, 'master.cf'), `${world}\n${services}\n${ours}\n`);
  // Makes the queue's folders; `postfix start-fg` would do the same, but leave a shell between us and the master.
  const made = spawnSync('/usr/sbin/postfix', ['-c', places.config, 'check'], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`Postfix: ${made.stderr}`);
  const child = spawn('/usr/lib/postfix/sbin/master', ['-c', places.config, '-d'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  });
  const tail = spawn('/usr/bin/tail', ['-n', '+1', '-F', logFile], { stdio: ['ignore', 'pipe', 'ignore'] });
  const { lines, log, line } = logLines();
  for (const stream of [child.stdout, child.stderr, tail.stdout]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      for (const part of text.split('\n').filter(Boolean)) log('postfix', part);
    });
  }
  const ended = once(child, 'exit');
  await Promise.race([
    line(/daemon started/),
    ended.then(() => {
      tail.kill('SIGTERM');
      throw new Error(`Postfix ended:\n${lines.join('\n')}`);
    }),
  ]);
  return {
    worldPort,
    proxyPort,
    relayPort,
    lines,
    line,
    queue: async () => {
      const asked = spawn('/usr/sbin/postqueue', ['-c', places.config, '-p']);
      let text = '';
      asked.stdout.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      await once(asked, 'close');
      return text;
    },
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      tail.kill('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Debian's own services, without its port 25 and without chroot, whose folder is the machine's. */
async function debianServices(): Promise<string> {
  const text = await readFile('/etc/postfix/master.cf.proto', 'utf8');
  return text
    .split('\n')
    .filter((line) => !/^#|^smtp\s+inet\b|^\s*$/.test(line))
    .map((line) => line.replace(/^(\S+\s+\S+\s+\S+\s+\S+\s+)y(\s)/, '$1n$2'))
    .join('\n');
}
