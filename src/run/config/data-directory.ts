import { join } from 'node:path';

/** Where everything lies under `--data DIR`. */
export type DataDirectory = Readonly<{
  root: string;
  /** `embargod.toml`. */
  configuration: string;
  /** Private mail and storage keys, 0700, the keyholder's uid only (I3). */
  keyholder: string;
  /** Sender's own opening key (R3), 0700, the sender's uid only. */
  sender: string;
  /** The operator key (P7), 0700, whoever ran `init`. */
  operator: string;
  /** Public halves that processes check signatures with, root-owned (P7). */
  pins: string;
  /** Passwords of database roles on an external server, one file per role, each readable by its process only. */
  passwords: string;
  /** The embedded database. */
  postgres: string;
  /** The supervisor's lock and state. */
  run: string;
  /** Demo only: people's keys and the sink's mailboxes. */
  demo: string;
}>;

export function dataDirectory(root: string): DataDirectory {
  return {
    root,
    configuration: join(root, 'embargod.toml'),
    keyholder: join(root, 'keyholder'),
    sender: join(root, 'sender'),
    operator: join(root, 'operator'),
    pins: join(root, 'pins'),
    passwords: join(root, 'passwords'),
    postgres: join(root, 'postgres'),
    run: join(root, 'run'),
    demo: join(root, 'demo'),
  };
}
