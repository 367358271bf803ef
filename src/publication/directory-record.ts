import type { Instant } from '../time/instant.ts';

/** One list as everybody may know it. `certificate`: armoured public key of a private list's mail key. */
export type DirectoryEntry = Readonly<{
  name: string;
  kind: 'private' | 'public';
  address: string;
  title: string;
  certificate: string | undefined;
  since: Instant;
}>;

/**
 * What the keyholder hands to the public side when lists change (DESIGN §4): the whole directory, as JSON. Lists that
 * are not in it disappear from the pages.
 */
export type DirectoryRecord = Readonly<{ kind: 'directory'; lists: readonly DirectoryEntry[] }>;

export function writeDirectoryRecord(lists: readonly DirectoryEntry[]): string {
  const record: DirectoryRecord = { kind: 'directory', lists };
  return JSON.stringify(record);
}
