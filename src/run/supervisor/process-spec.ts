import { readFileSync } from 'node:fs';
import { fenceWords } from './network-fence.ts';

/** One process of ours, as the supervisor starts it: plain values, so that `run/main` decides everything. */
export type ProcessSpec = Readonly<{
  /** `intake`: also what its log lines begin with. */
  name: string;
  /** Its entry file, as `new URL('…', import.meta.url)`. */
  file: URL;
  args?: readonly string[];
  /** All it gets besides a path and a locale; nothing of ours passes by itself (P1). */
  environment?: Readonly<Record<string, string>>;
  /** The user it runs as; our own when not said (a demo may share one, P1). */
  user?: Readonly<{ uid: number; gid: number }>;
  limits?: KernelLimits;
  /** In an empty network namespace; only where `mayFence` says that it can be made. */
  withoutNetwork?: boolean;
  /** Node's own flags besides those of every process. */
  nodeFlags?: readonly string[];
  /** It may ask on our terminal, if we have one: stdin and stderr are then ours. */
  terminal?: boolean;
  /** It listens below port 1024 as a user that is not root. */
  lowPorts?: boolean;
  /** A second process, reached over a socket that this one is handed (P3); see `hand-over-opener.ts`. */
  opener?: ProcessSpec;
}>;

/** Enforced by the kernel (P3): what one of them ends, is started again. */
export type KernelLimits = Readonly<{
  /** Bytes of private writable memory, buffers included: RLIMIT_DATA. */
  dataBytes?: number;
  /** Seconds of CPU over its whole life: RLIMIT_CPU. */
  cpuSeconds?: number;
  openFiles?: number;
  /** Threads and processes of its user; only for a user of its own. */
  processes?: number;
}>;

const setpriv = '/usr/bin/setpriv';
const prlimit = '/usr/bin/prlimit';
/** Our sources come without their types, where bin/bootstrap.mjs has taken them out: 15 MB less in each process. */
const loadStripped = `--import=${new URL('../../../bin/load-stripped.mjs', import.meta.url).href}`;

export type Command = Readonly<{
  file: string;
  args: readonly string[];
  /** Ids that spawn itself must set; none when setpriv does. */
  ids: Readonly<{ uid?: number; gid?: number }>;
}>;

/** The command line that gives a process its limits, its user and its flags. */
export function commandFor(spec: ProcessSpec, node: string): Command {
  const words = [
    ...limitWords(spec.limits ?? {}),
    ...rightsWords(spec),
    ...(spec.withoutNetwork === true ? fenceWords : []),
    node,
    '--disable-sigusr1',
    // One helper thread instead of four: each holds some megabytes, in seven processes (DESIGN §8).
    '--v8-pool-size=1',
    // What lives shortly is collected from 2 MB on, not from 16: half of an idle process's heap was room for more.
    '--max-semi-space-size=2',
    // Below that V8 looks for old garbage only when there is much: else each mail of 1 MB costs every process a search or two.
    '--initial-heap-size=256',
    loadStripped,
    ...(spec.nodeFlags ?? []),
    decodeURIComponent(spec.file.pathname),
    ...(spec.args ?? []),
  ];
  const [file = node, ...args] = words;
  return { file, args, ids: spec.user === undefined || spec.lowPorts === true ? {} : spec.user };
}

/** No process ever leaves a core: it would hold keys or mail (P1). */
function limitWords(limits: KernelLimits): readonly string[] {
  const entries = [
    ['core', 0],
    ['data', limits.dataBytes],
    ['cpu', limits.cpuSeconds],
    ['nofile', limits.openFiles],
    ['nproc', limits.processes],
  ] as const;
  const set = entries.filter(([, value]) => value !== undefined);
  return [prlimit, ...set.map(([name, value]) => `--${name}=${value}`), '--'];
}

/**
 * No set-uid program raises any process of ours. A change of user drops every capability, unless setpriv carries the one
 * for low ports across.
 */
function rightsWords(spec: ProcessSpec): readonly string[] {
  if (spec.lowPorts !== true || spec.user === undefined)
    return mayGainPrivileges() ? [setpriv, '--no-new-privs', '--'] : [];
  const capability = '+net_bind_service';
  const ids = [`--reuid=${spec.user.uid}`, `--regid=${spec.user.gid}`, '--clear-groups'];
  return [
    setpriv,
    '--no-new-privs',
    ...ids,
    `--inh-caps=${capability}`,
    `--ambient-caps=${capability}`,
    '--',
  ];
}

/** Our children inherit it. A unit that forbids it may forbid setpriv too, which calls capset whatever it is asked. */
function mayGainPrivileges(): boolean {
  return !/^NoNewPrivs:\s*1$/m.test(readFileSync('/proc/self/status', 'utf8'));
}
