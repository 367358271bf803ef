import type { DatabaseUser } from './database-user.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';

/** What `prepareCluster` leaves for `startCluster`: everything that needs root's rights is done. */
export type PreparedCluster = Readonly<{
  directory: string;
  binaries: PostgresBinaries;
  user: DatabaseUser;
  superuser: string;
  socketDirectory: string;
  arguments: readonly string[];
  endWithParent: boolean;
}>;
