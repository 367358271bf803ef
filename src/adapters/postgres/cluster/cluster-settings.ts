/** What every embedded cluster runs with, given on the command line so that no file in the data can change it. */
export type Durability = 'durable' | 'disposable';

export function clusterSettings(
  places: Readonly<{ socketDirectory: string; hbaFile: string; identFile: string }>,
  durability: Durability,
  extra: Readonly<Record<string, string>> = {},
): readonly string[] {
  const settings: Readonly<Record<string, string>> = {
    listen_addresses: '',
    unix_socket_directories: places.socketDirectory,
    // Who may enter is decided by the peer's uid (or, for `trust`, by the folder's mode), not by the socket's.
    unix_socket_permissions: '0777',
    hba_file: places.hbaFile,
    ident_file: places.identFile,
    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    // Every user of the machine reads process titles: they would tell whenever the keyholder has work (I9).
    update_process_title: 'off',
    ...logSettings,
    ...(durability === 'durable' ? durable : disposable),
    ...extra,
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** K3: a log that carries no content. An ERROR's text may quote a value, so errors go to the client only. */
const logSettings = {
  logging_collector: 'off',
  log_destination: 'stderr',
  log_line_prefix: '%m [%p] ',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_statement: 'none',
  log_duration: 'off',
  log_min_duration_statement: '-1',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_lock_waits: 'off',
} as const;

/** I1: said aloud, so that a careless ALTER SYSTEM does not undo it. */
const durable = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' } as const;

/** Tests that do not cut the power. */
const disposable = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } as const;
