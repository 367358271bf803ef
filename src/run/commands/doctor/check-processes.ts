import { openHeartbeatReader } from '../../../adapters/postgres/heartbeats.ts';
import type { Configuration } from '../../config/configuration.ts';
import { databaseAccess } from '../../config/database-access.ts';
import { machineName } from '../../heart.ts';
import { runningProcesses } from '../../running-processes.ts';
import { silentAfter } from '../../watch/concerns.ts';
import { readInstanceName } from '../../watch/instance-name.ts';
import { type ServerProcessName, serverProcessNames } from '../deed.ts';
import { type Finding, fail, ok, warn } from './check.ts';

/** `here`: on this machine. `keyholder`: one runs here or on another machine, so that it can be asked. */
export type Processes = Readonly<{
  here: ReadonlySet<ServerProcessName>;
  keyholder: boolean;
  findings: readonly Finding[];
}>;

/** Each process by itself: one that is down must not make those that work look like strangers on their ports. */
export async function checkProcesses(
  configuration: Configuration,
  supervisor: number | undefined,
): Promise<Processes> {
  const running = await runningProcesses(configuration);
  const here = new Set(running.keys());
  if (here.size === 0 && supervisor === undefined) {
    const finding = warn(
      'server',
      'not running',
      'start it (systemctl start embargod, or `embargod run`); some checks need it',
    );
    return { here, keyholder: false, findings: [finding] };
  }
  const elsewhere = here.size < serverProcessNames.length ? await heardElsewhere(configuration) : new Set();
  const missing = serverProcessNames.filter((name) => !here.has(name) && !elsewhere.has(name));
  return {
    here,
    keyholder: here.has('keyholder') || elsewhere.has('keyholder'),
    findings:
      missing.length > 0
        ? missing.map((name) => notRunning(name, configuration))
        : [ok('server', described(supervisor, here, elsewhere.size > 0))],
  };
}

function described(pid: number | undefined, here: ReadonlySet<string>, more: boolean): string {
  if (more) return `${[...here].join(', ')} run here, the others on other machines`;
  return pid === undefined ? 'every process runs' : `running as process ${pid}`;
}

function notRunning(name: ServerProcessName, { database }: Configuration): Finding {
  const start =
    database.kind === 'embedded'
      ? 'its log says why: journalctl --unit embargod; the supervisor starts it again'
      : `systemctl start embargod-${name}, or \`embargod run --only ${name}\`; its log says why it ended`;
  return fail('server', `${name} is not running`, start);
}

/** With a database of yours a process may run on another machine; its heartbeat tells. */
async function heardElsewhere(configuration: Configuration): Promise<ReadonlySet<string>> {
  if (configuration.database.kind === 'embedded') return new Set();
  const configs = await Promise.all(
    (['private', 'public'] as const).map((which) => databaseAccess(configuration, which, 'sender')),
  ).catch(() => undefined);
  if (configs === undefined) return new Set();
  const reader = openHeartbeatReader(configs);
  try {
    const heard = await reader.heartbeats().catch(() => []);
    const others = heard.filter(
      ({ age, instance }) => age < silentAfter && readInstanceName(instance).machine !== machineName(),
    );
    return new Set(others.map(({ process }) => process));
  } finally {
    await reader.close();
  }
}
