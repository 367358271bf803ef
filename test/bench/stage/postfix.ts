/**
 * Debian's Postfix as the peer at the door: an instance of its own under a temporary folder, on loopback, started here and
 * ended by its pid; /etc/postfix is only read by its programs for what a package has there. Every mail goes to its hold
 * queue at once, so that it does nothing after its `250`: the best that it can do.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openDirectory } from '../../stand-ins/real-server.ts';
import { treeOf, type Usage, usageOf } from './process-usage.ts';

export type Postfix = Readonly<{ version: string; usage: () => Usage; close: () => Promise<void> }>;

export const smtpSource = '/usr/sbin/smtp-source';
const postfixProgram = '/usr/sbin/postfix';
const libraries = '/usr/lib/postfix/sbin';
export async function startPostfix(port: number): Promise<Postfix> {
  const directory = await openDirectory();
  const configuration = join(directory.path, 'etc');
  await mkdir(configuration);
  await writeFile(join(configuration, 'main.cf'), mainFile(directory.path));
  await writeFile(join(configuration, 'master.cf'), masterFile(port));
  for (const name of ['queue', 'data']) await mkdir(join(directory.path, name));
  const check = spawnSync('chown', ['postfix', join(directory.path, 'data')]);
  if (check.status !== 0) throw new Error(`chown: ${check.stderr}`);
  await chmod(join(directory.path, 'data'), 0o700);
  const made = spawnSync(postfixProgram, ['-c', configuration, 'check'], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`postfix check exited with ${made.status}: ${made.stderr}`);
  const master = spawn(join(libraries, 'master'), ['-c', configuration, '-d'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await untilItListens(port, master);
  const version = spawnSync('/usr/sbin/postconf', ['-c', configuration, '-h', 'mail_version'], {
    encoding: 'utf8',
  });
  return {
    version: version.stdout.trim(),
    usage: () => usageOf(treeOf(master.pid ?? 0)),
    close: async () => {
      const ended = once(master, 'exit');
      master.kill('SIGTERM');
      await ended;
      await directory.remove();
    },
  };
}

function mainFile(folder: string): string {
  return [
    'compatibility_level = 3.6',
    `queue_directory = ${folder}/queue`,
    `data_directory = ${folder}/data`,
    `command_directory = /usr/sbin`,
    `daemon_directory = ${libraries}`,
    'mail_owner = postfix',
    'setgid_group = postdrop',
    'myhostname = lists.example.org',
    'mydestination = lists.example.org',
    'mynetworks = 127.0.0.0/8',
    'inet_interfaces = 127.0.0.1',
    'inet_protocols = ipv4',
    'local_recipient_maps =',
    'alias_maps =',
    'alias_database =',
    'smtpd_recipient_restrictions = check_client_access static:HOLD, permit_mynetworks, reject',
    'smtpd_client_event_limit_exceptions = 127.0.0.0/8',
    'smtp_dns_support_level = disabled',
    'smtpd_peername_lookup = no',
    'default_process_limit = 100',
    '',
  ].join('\n');
}

function masterFile(port: number): string {
  const services = [
    `127.0.0.1:${port} inet n - n - - smtpd`,
    'pickup unix n - n 60 1 pickup',
    'cleanup unix n - n - 0 cleanup',
    'qmgr unix n - n 300 1 qmgr',
    'rewrite unix - - n - - trivial-rewrite',
    'bounce unix - - n - 0 bounce',
    'defer unix - - n - 0 bounce',
    'trace unix - - n - 0 bounce',
    'proxymap unix - - n - - proxymap',
    'local unix - n n - - local',
    'smtp unix - - n - - smtp',
    'error unix - - n - - error',
    'retry unix - - n - - error',
    'discard unix - - n - - discard',
    'anvil unix - - n - 1 anvil',
  ];
  return `${services.join('\n')}\n`;
}

const lookEvery = 50;
const patience = 10_000;

async function untilItListens(port: number, master: ChildProcess): Promise<void> {
  for (const until = performance.now() + patience; performance.now() < until; await delay(lookEvery)) {
    if (master.exitCode !== null) throw new Error(`Postfix ended at once, with ${master.exitCode}.`);
    const socket = connect({ host: '127.0.0.1', port });
    const open = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (open) return;
  }
  throw new Error('Postfix does not listen.');
}
