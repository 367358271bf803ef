import { readFileSync } from 'node:fs';
import type { ServerProcessName } from './commands/deed.ts';
import type { Configuration } from './config/configuration.ts';
import { ConfigurationError } from './config/read-configuration.ts';
import { mayFence } from './supervisor/network-fence.ts';
import type { ProcessSpec } from './supervisor/process-spec.ts';

type Ids = Readonly<{ uid: number; gid: number }>;

/** Bytes of memory that a hostile mail can take before the kernel ends its reader (TECH: bombs of 1 KB took 711 MB). */
const openerMemory = 1_500_000_000;
const openerSeconds = 300;
const openerFiles = 64;
/** Threads count too: Node has about a dozen. It starts no process; this is for one that was taken over. */
const openerThreads = 64;

/** The order in which they start; they stop in reverse, so that the door closes first. */
const startOrder: readonly ServerProcessName[] = [
  'public-keeper',
  'public-site',
  'sender',
  'keyholder',
  'intake',
];

/** The file that each process begins with; `doctor` knows it by that. */
export const entryFileOf: Readonly<Record<ServerProcessName, string>> = {
  intake: 'intake-process.ts',
  keyholder: 'keyholder.ts',
  sender: 'sender-process.ts',
  'public-keeper': 'public-keeper.ts',
  'public-site': 'public-site.ts',
};

/** What the supervisor starts for this configuration. Throws ConfigurationError when a system user is missing. */
export function planProcesses(
  configuration: Configuration,
  only: readonly ServerProcessName[],
): readonly ProcessSpec[] {
  return startOrder
    .filter((name) => only.includes(name))
    .flatMap((name) => (name === 'intake' ? intakes(configuration) : [specOf(name, configuration)]));
}

/** Side by side on the same ports; each is told which one it is. */
function intakes(configuration: Configuration): readonly ProcessSpec[] {
  const spec = specOf('intake', configuration);
  return Array.from({ length: configuration.intake.processes }, (_, index) => ({
    ...spec,
    name: index === 0 ? spec.name : `${spec.name}-${index + 1}`,
    args: [...(spec.args ?? []), String(index + 1)],
  }));
}

function specOf(name: ServerProcessName, configuration: Configuration): ProcessSpec {
  const { users, directory } = configuration;
  const base = { name, args: [directory.root], environment: { HOME: '/nonexistent' } };
  switch (name) {
    case 'intake':
      return {
        ...base,
        ...as(configuration, users.intake),
        file: new URL('intake-process.ts', import.meta.url),
        lowPorts: process.getuid?.() === 0 && listensLow(configuration),
      };
    case 'keyholder':
      return {
        ...base,
        ...as(configuration, users.keyholder),
        file: new URL('keyholder.ts', import.meta.url),
        ...keyholderExtras(configuration),
        opener: openerOf(configuration),
      };
    case 'sender':
      return {
        ...base,
        ...as(configuration, users.sender),
        file: new URL('sender-process.ts', import.meta.url),
      };
    case 'public-keeper':
      return {
        ...base,
        ...as(configuration, users.publicKeeper),
        file: new URL('public-keeper.ts', import.meta.url),
      };
    case 'public-site':
      return {
        ...base,
        ...as(configuration, users.publicSite),
        file: new URL('public-site.ts', import.meta.url),
      };
  }
}

function openerOf(configuration: Configuration): ProcessSpec {
  const { users } = configuration;
  const own = as(configuration, users.keyholderChild);
  return {
    name: 'opener',
    file: new URL('opener.ts', import.meta.url),
    ...own,
    withoutNetwork: mayFence(own.user),
    limits: {
      dataBytes: openerMemory,
      cpuSeconds: openerSeconds,
      openFiles: openerFiles,
      ...(users.mode === 'separate' ? { processes: openerThreads } : {}),
    },
  };
}

/** The keyholder alone asks for the passphrase, or finds the credential that systemd gave the service. */
function keyholderExtras({ passphrase }: Configuration): Partial<ProcessSpec> {
  const credentials = process.env.CREDENTIALS_DIRECTORY;
  if (passphrase.kind === 'prompt') return { terminal: true };
  if (passphrase.kind !== 'credential' || credentials === undefined) return {};
  return { environment: { HOME: '/nonexistent', CREDENTIALS_DIRECTORY: credentials } };
}

/** Whether a door listens on a port that only root, or a capability, opens. */
export function listensLow({ smtp, lmtp }: Configuration): boolean {
  return [...smtp.listen, ...lmtp.listen].some(({ port }) => port > 0 && port < 1_024);
}

function as(configuration: Configuration, user: string): Readonly<{ user?: Ids }> {
  if (configuration.users.mode === 'shared') return {};
  const ids = systemUser(user);
  const ours = process.getuid?.();
  // A unit for one process gives it its user already, and forbids changing it.
  if (ours === ids.uid) return {};
  if (ours === 0) return { user: ids };
  throw new ConfigurationError(
    `A process of the system user ${user} can be started by root only, or by that user with --only; run this as root.`,
  );
}

export function findSystemUser(name: string): Ids | undefined {
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [user, , uid, gid] = line.split(':');
    if (user === name) return { uid: Number(uid), gid: Number(gid) };
  }
  return undefined;
}

function systemUser(name: string): Ids {
  const found = findSystemUser(name);
  if (found) return found;
  throw new ConfigurationError(
    `The system user ${name} does not exist; make it with \`useradd --system --no-create-home --shell /usr/sbin/nologin ${name}\`, or set users.mode to "shared".`,
  );
}
