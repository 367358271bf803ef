/** What a process may do outside itself, each with the reason why that is no hole. All else is behind a wall. */

type Allowed = Readonly<{ reason: string; what: readonly string[] }>;

/** Everybody on the machine, `nobody` too. */
const anybody: readonly Allowed[] = [
  {
    reason: 'settings, places and public halves: no secret stands in them, and only root changes them',
    what: [
      'list the data directory',
      'read embargod.toml',
      'list pins',
      'read pins/keyholder',
      'read pins/operator',
      'read pins/sender',
      'read pins/statement',
      'list run',
      'read run/database-socket',
      'read run/supervisor.pid',
      'read postgres/owner',
    ],
  },
  {
    reason: 'which user is which role: names. PostgreSQL reads them as its own user',
    what: ['read postgres/pg_hba.conf', 'read postgres/pg_ident.conf'],
  },
  {
    reason: 'the kernel tells PostgreSQL who is there, and it lets nobody in but by the lines below',
    what: ['list postgres/run', 'connect to postgres/run/.s.PGSQL.5432'],
  },
  {
    reason: 'the folder that stands for systemd’s is open in this test; the files in it are not',
    what: ['list credentials'],
  },
];

/** Not the opener, where it is fenced. */
const network: readonly Allowed[] = [
  { reason: 'the two doors for strangers', what: ['connect to SMTP', 'connect to HTTP'] },
  { reason: 'how the machinery is; figures are for who shows the token', what: ['connect to monitoring'] },
];

const logins = (role: string, databases: readonly string[]): Allowed => ({
  reason: 'its own role; what that may do is in rights-matrix.ts',
  what: databases.map((database) => `log in as embargod_${role} to embargod_${database}`),
});

const own: Readonly<Record<string, readonly Allowed[]>> = {
  intake: [logins('intake', ['private', 'public'])],
  keyholder: [
    logins('keyholder', ['private', 'public']),
    {
      reason: 'the keys are its own (I3); it adds one a month',
      what: [
        'list keyholder',
        'create in keyholder',
        ...['keyring.json', 'request.key', 'roster-memory', 'statement.key', 'tokens.key'].flatMap((name) => [
          `read keyholder/${name}`,
          `write keyholder/${name}`,
        ]),
      ],
    },
    {
      reason: 'its own copy of the passphrase, in memory',
      what: [
        'list credentials/run/keyholder',
        'create in credentials/run/keyholder',
        'read credentials/run/keyholder/embargod-passphrase',
      ],
    },
  ],
  opener: [],
  sender: [
    logins('sender', ['private', 'public']),
    {
      reason: 'its own opening key (R3), and the token that it asks for at its monitoring port',
      what: [
        'list sender',
        'create in sender',
        ...['opening.key', 'metrics-token'].flatMap((name) => [
          `read sender/${name}`,
          `write sender/${name}`,
        ]),
      ],
    },
  ],
  public: [logins('public_keeper', ['public'])],
  site: [logins('public_site', ['public'])],
  postgres: [
    {
      reason:
        'it is the database: rows, socket and shared memory are its own. What rests there is sealed (K3)',
      what: [
        'list postgres/data',
        'create in postgres/data',
        'read postgres/data',
        'write postgres/data',
        'create in postgres/run',
        'read postgres/run/.s.PGSQL.5432.lock',
        'write postgres/run/.s.PGSQL.5432.lock',
        'read /dev/shm/PostgreSQL',
        'write /dev/shm/PostgreSQL',
        'read shared memory of postgres',
      ],
    },
  ],
  nobody: [],
};

/**
 * Its own process: that these succeed shows that the attempts at others could. An opener that was taken over may signal
 * the one before it and no more: each has a user namespace of its own.
 */
const control = (attacker: string, fenced: boolean): readonly string[] => {
  if (attacker === 'nobody') return [];
  if (attacker === 'opener' && fenced) return ['signal opener'];
  return [`read /proc/environ of ${attacker}`, `signal ${attacker}`, `trace ${attacker}`];
};

/**
 * What Linux shows of every process to every user (proc(5)) and no mode of a file of ours can take away: names, ids,
 * limits, how long it ran and waited. A unit's ProtectProc=invisible hides it. Kernels differ, so these may and need not
 * succeed.
 */
const shownByLinux: ReadonlySet<string> = new Set(
  (
    'arch_status autogroup cgroup cmdline comm coredump_filter cpuset cpu_resctrl_groups gid_map limits loginuid ' +
    'mountinfo mounts oom_adj oom_score oom_score_adj projid_map sched schedstat sessionid setgroups stat statm status ' +
    'timens_offsets uid_map wchan'
  ).split(' '),
);

/** Whether it is one of those: they are compared with nothing. */
export function isShownByLinux(done: string): boolean {
  const [, file] = /^read \/proc\/(\S+) of /.exec(done) ?? [];
  return file !== undefined && shownByLinux.has(file);
}

/** Everything that `attacker` can do, sorted, but for what Linux shows. */
export function allowedTo(attacker: string, fenced: boolean): readonly string[] {
  const doors = attacker === 'opener' && fenced ? [] : network;
  const allowed = [...anybody, ...doors, ...(own[attacker] ?? [])].flatMap(({ what }) => what);
  return [...allowed, ...control(attacker, fenced)].sort();
}
